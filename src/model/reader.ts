import type { ModelChange, EditResult } from './change.ts';
import type { Finding } from './finding.ts';
import type { Files } from './measurer.ts';
import type { CellSource } from './origin.ts';
import type { Problem } from './problem.ts';
import type { Semantics } from './semantics.ts';
import type { DisabledRules, ModelSpec } from './spec.ts';

/** A file as a reader meets it: a path, its size, its first bytes, and, for an open document, its whole text. */
export interface SourceFile {
  readonly path: string;
  /** Bytes; of an open document at least, since its text is not encoded to be counted. */
  readonly size: number;
  /** The first 4 KiB (or all). */
  readonly head: Uint8Array;
  /** The text of an open, possibly unsaved document; it replaces the bytes on disk. */
  readonly text?: string;
}

/** Choices that the file does not make. */
export interface ReadOptions {
  readonly semantics?: Semantics;
  /** By input name; `''` for a model with one input. Without the batch. */
  readonly inputShapes?: Readonly<Record<string, readonly number[]>>;
  readonly loss?: string;
  readonly params?: Readonly<Record<string, number | string | boolean>>;
  /** False in a workspace that is not trusted: sources are then not evaluated. */
  readonly allowEvaluation?: boolean;
  /** Find where saved weights lie even where that takes inflating them (`.keras`). */
  readonly savedWeights?: boolean;
  /** Only this model, where reading takes time (Python); others may be read too. */
  readonly model?: string;
}

/** A size that the file does not tell and a person must (sources only). */
export interface Question {
  readonly name: string;
  readonly message: string;
  readonly place: Problem;
  readonly guess?: number | string;
  /** The models that wait for it, where that is known. */
  readonly models?: readonly string[];
}

/** What reading gave. `skipped`: a known kind that holds no initializers, with one line why. `notAModel`: silent in folders. */
export interface ReadResult {
  readonly models: readonly ModelSpec[];
  readonly problems: readonly Problem[];
  readonly skipped?: string;
  readonly notAModel?: string;
  readonly questions?: readonly Question[];
  /** The formatted config of an archive, to which the origins refer. */
  readonly virtualText?: string;
  /** What the text alone shows where it is not run (Python), and the comments that leave some of it out. */
  readonly findings?: readonly Finding[];
  readonly disabled?: readonly DisabledRules[];
  /** The cells of a notebook that is not run. */
  readonly cells?: readonly CellSource[];
}

/** One file format; one row in `readers/formats.ts`. */
export interface FormatReader {
  readonly id: string;
  /** By content; the extension only breaks ties. */
  detect(file: SourceFile): boolean;
  read(file: SourceFile, files: Files, options: ReadOptions): Promise<ReadResult>;
  /** Changes as text edits of `text` (the document the spec was read from), touching only the spans they must. */
  edit(text: string, spec: ModelSpec, changes: readonly ModelChange[]): EditResult;
}
