import type { Problem } from './problem.ts';
import type { Report } from './report.ts';

/** The fresh draw beside the weights of the file, for every model of a file. */
export interface StartsSet {
  readonly models: readonly { readonly modelId: string; readonly starts: Report['starts'] }[];
  readonly errors: readonly Problem[];
}
