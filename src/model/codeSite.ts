import type { TextRange } from './origin.ts';

/**
 * The end of the model's own `__init__`, where a loop over `self.named_parameters()` may draw a parameter anew: nothing draws it later.
 * `indent` starts with the line break. `alike`: the start and the end that its name shares with those that differ from it in numbers only, and with no others; how many these are.
 */
export interface LoopSite {
  readonly at: number;
  readonly indent: string;
  readonly nn: string;
  readonly name: string;
  readonly alike?: { readonly start: string; readonly end: string; readonly count: number };
}

/**
 * Where code can be changed so that a weight is drawn by another initializer; ranges are of the text whose hash the spec carries.
 * Several weights may share a site (a class built often, an init function): an edit there changes them all; `loop` is where some of them can be drawn apart.
 */
export type CodeSite =
  | { readonly mode: 'none'; readonly reason: string; readonly loop?: LoopSite }
  /** A line after the statement that builds the layer: `indent` starts with the line break. */
  | {
      readonly mode: 'insert';
      readonly at: number;
      readonly indent: string;
      readonly target: string;
      readonly nn: string;
      readonly loop?: LoopSite;
    }
  /** The call that draws the weight now. */
  | {
      readonly mode: 'replace';
      readonly range: TextRange;
      readonly target: string;
      readonly nn: string;
      readonly loop?: LoopSite;
    }
  /** A keyword of the layer's call: its value where it is given, else the place after the last argument. */
  | {
      readonly mode: 'keyword';
      readonly keyword: string;
      readonly value?: TextRange;
      readonly after: number;
      /** The call has no argument yet. */
      readonly empty: boolean;
      /** How the file reaches the initializers' classes (`keras.initializers`); absent when it does not import them. */
      readonly initializers?: string;
    };
