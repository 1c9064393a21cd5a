import type { InitializerSpec } from './initializers/initializer.ts';
import type { TextRange } from './origin.ts';

/** A format-free repair: give `weight` of these layers this initializer. */
export interface Change {
  readonly layers: readonly string[];
  readonly weight: string;
  readonly initializer: InitializerSpec;
}

/** A replacement in one file. Offsets are of the text whose hash is `contentHash`. */
export interface FileEdit {
  readonly file: string;
  readonly contentHash: string;
  readonly edits: readonly { readonly range: TextRange; readonly text: string }[];
}

/** Why a change cannot be written into the file, and where. */
export interface Refusal {
  readonly place: string;
  readonly reason: string;
}

/** Text edits, or one reason why there are none; never both. */
export type EditResult =
  | { readonly ok: true; readonly edits: readonly FileEdit[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** One advice that is written: what it does with its numbers before and after, and what to know about it. */
export interface Repair {
  readonly title: string;
  readonly caveat?: string;
}
