import type { ActivationSpec } from './activations/activation.ts';
import type { InitializerSpec } from './initializers/initializer.ts';
import type { TextRange } from './origin.ts';

/** A format-free repair: give `weight` of these layers this initializer. What is advised and measured is made of these. */
export interface Change {
  readonly layers: readonly string[];
  readonly weight: string;
  readonly initializer: InitializerSpec;
}

/** Give these layers this activation. */
export interface ActivationChange {
  readonly layers: readonly string[];
  readonly activation: ActivationSpec;
}

/** Give these layers so many units or filters. */
export interface WidthChange {
  readonly layers: readonly string[];
  readonly width: number;
}

/** Let these layers, with the norm and activation behind each, stand so many times in a row. */
export interface DepthChange {
  readonly layers: readonly string[];
  readonly times: number;
}

/** Anything that What if changes. Several are one: sizes first, then activations and initializers, then repetitions. */
export type ModelChange = Change | ActivationChange | WidthChange | DepthChange;

/** Whether a change sets an initializer. */
export const setsInitializer = (change: ModelChange): change is Change => 'initializer' in change;

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
