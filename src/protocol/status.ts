/**
 * What the language status shows for one file.
 * - `idle`: nothing is known and nothing is being done (manual mode, or cleared).
 * - `reading`: the text is being read, static findings follow.
 * - `measuring`: waiting for the workers or measured by them, since `since`.
 * - `verdict`: measured, for exactly this text.
 * - `predicted`: read and predicted, not measured (manual mode, or a model that our engine cannot run).
 * - `stale`: measured for an earlier text.
 * - `failed`: `detail` says why; the log has more.
 * - `asks`: sizes that the file does not tell must be given before it can be measured.
 * - `nothing`: looked like a model and is none, or holds no initializers.
 */
export type ModelState =
  'idle' | 'reading' | 'measuring' | 'verdict' | 'predicted' | 'stale' | 'failed' | 'asks' | 'nothing';

/** State of one file, as the server sends it after every change. */
export interface ModelStatus {
  readonly uri: string;
  readonly state: ModelState;
  /** A few words for the status bar, such as `2 warnings`. */
  readonly text: string;
  /** One sentence for the hover. */
  readonly detail: string;
  /** Where it failed: what was found and expected, and what to do, a line each. */
  readonly help?: string;
  /** Milliseconds since the epoch at which the present work began. */
  readonly since?: number;
  /** Worst severity found, where there is a verdict. */
  readonly severity?: 'error' | 'warning' | 'information' | 'none';
}

/** The detail of a file that is to be measured while others are. */
export const WAITING = 'waiting for the workers';
