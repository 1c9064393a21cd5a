import type { CellRange, TextRange } from './origin.ts';

/** One clear line about bad input: where, what was found, what was expected, and what to do. Plain data. */
export interface Problem {
  readonly file: string;
  readonly range?: TextRange;
  /** Where it stands in a notebook, whose JSON text `range` is of. */
  readonly cell?: CellRange;
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly hint?: string;
  /** `error`: the model (or file) could not be inspected; `note`: part of it was left out, the rest was. */
  readonly severity: 'error' | 'note';
}

/** Bad input, thrown inside a reader or the engine and turned into its Problem at the room's door; never shown as a stack. */
export class InputError extends Error {
  readonly problem: Omit<Problem, 'file' | 'severity'> & { readonly file?: string };

  constructor(problem: Omit<Problem, 'file' | 'severity'> & { readonly file?: string }) {
    super(problem.message);
    this.name = 'InputError';
    this.problem = problem;
  }
}

/** A class, initializer or activation that no catalogue knows: the layer becomes opaque, the rest of the model is read. */
export class UnknownPartError extends InputError {}
