import type { Change } from './change.ts';
import type { Measurement } from './measurement.ts';
import type { Plan } from './plan.ts';
import type { ModelSpec } from './spec.ts';

/** How far a measurement is: `done` of `total` seeds; `layer` is the one running now. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly layer?: string;
}

/** What to measure: the spec with these changes applied, under this plan, for these seeds. */
export interface MeasureRequest {
  readonly spec: ModelSpec;
  readonly changes: readonly Change[];
  readonly plan: Plan;
  readonly seeds: readonly number[];
  /** False leaves out singular values of kernels, which nobody is going to be shown. */
  readonly spectra?: boolean;
}

/** The one way to a Measurement. Rejects with an InputError (bad model), an AbortError (signal) or a fault of ours. */
export interface Measurer {
  measure(
    request: MeasureRequest,
    signal: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<Measurement>;
}

/** An open HDF5 file: attributes and the outline of its datasets, read by ranges. Paths begin at the root (`/`). */
export interface Hdf5File {
  /** A text attribute (or list of texts) of a group or dataset; undefined when there is none. Throws an InputError when broken. */
  attribute(path: string, name: string): string | readonly string[] | undefined;
  /** Names below a group; empty for anything else. */
  children(path: string): readonly string[];
  /** Shape and element type (`float32`) of a dataset; undefined when it is none. */
  dataset(path: string): { readonly shape: readonly number[]; readonly dtype: string } | undefined;
  close(): void;
}

/** Read access to files, however they are reached. Paths are absolute or as given by the caller; errors are InputErrors. */
export interface Files {
  size(path: string): Promise<number>;
  /** Bytes [start, end) of the file; shorter at its end. */
  read(path: string, start?: number, end?: number): Promise<Uint8Array>;
  /** The path of `name` beside `base` (weight shards, relative imports); undefined when it leaves the allowed folders. */
  beside(base: string, name: string): string | undefined;
  exists(path: string): Promise<boolean>;
  /** The file that `base` imports by this name, anywhere in its project; without it only files beside it and below are found. */
  imported?(base: string, name: string): Promise<string | undefined>;
  /** Opens an HDF5 file by ranged reads; absent where nothing can (a browser). Rejects with an InputError. */
  openHdf5?(path: string): Promise<Hdf5File>;
  /** Opens the content of an HDF5 file (an entry of an archive). Rejects with an InputError. */
  openHdf5Bytes?(bytes: Uint8Array): Promise<Hdf5File>;
}
