import type { CodeSite } from './codeSite.ts';
import type { Measurer } from './measurer.ts';
import type { Origin } from './origin.ts';
import type { Prober } from './probe.ts';
import type { Problem } from './problem.ts';
import type { Question, ReadOptions } from './reader.ts';
import type { Scanner } from './scan.ts';
import type { Semantics } from './semantics.ts';
import type { ModelSpec } from './spec.ts';

/** A Keras model that the user's interpreter built: its config, and where its layers stand in the code. */
export interface KerasInPython {
  readonly id: string;
  readonly name: string;
  /** `model.to_json()`, with the loss it was compiled with as `compile_config`. */
  readonly json: string;
  /** It is a class with a `call` of its own: only its own backend runs what that does. */
  readonly own: boolean;
  readonly semantics: Semantics;
  readonly framework: string;
  /** By layer id. */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
  /** By layer id and keyword of the layer's call (`kernel_initializer`). */
  readonly code: Readonly<Record<string, Readonly<Record<string, CodeSite>>>>;
  readonly origin: Origin;
}

/** What the probe found in a file. */
export interface PythonReading {
  readonly specs: readonly ModelSpec[];
  readonly keras: readonly KerasInPython[];
  readonly problems: readonly Problem[];
  readonly questions: readonly Question[];
  /** What was skipped or answered instead of run, one line each. */
  readonly notes: readonly string[];
  /** SHA-256 of the text that ranges refer to. */
  readonly contentHash: string;
  /** The interpreter that ran, as a person knows it. */
  readonly interpreter: string;
}

/** A Python text as the probe gets it. */
export interface PythonText {
  readonly path: string;
  /** The text to run instead of the file's bytes. */
  readonly text?: string;
  /** Content hash of the document it was taken from (a notebook); the text's own otherwise. */
  readonly contentHash?: string;
  /** 1-based lines on which cells of a notebook start: one that Python cannot read is left out by itself. */
  readonly cellLines?: readonly number[];
}

/** The user's own Python. It runs only on a command, in a trusted workspace; whoever has no such host skips Python files. */
export interface PythonHost extends Measurer, Prober, Scanner {
  /** Interpreters that may work at once on one file; 1 when absent. */
  readonly slots?: number;
  /** Builds the models of a file. Rejects with an InputError for a missing interpreter or framework, or a probe that does not answer. */
  read(source: PythonText, options: ReadOptions): Promise<PythonReading>;
  dispose(): Promise<void>;
}
