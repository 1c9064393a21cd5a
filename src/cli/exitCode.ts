import type { Severity } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { EXIT } from './io.ts';

/** From which severity on findings set the exit code. */
export type FailOn = 'error' | 'warning' | 'never';

const COUNTS: Readonly<Record<FailOn, readonly Severity[]>> = {
  error: ['error'],
  warning: ['error', 'warning'],
  never: [],
};

/** What happened in a call, as far as its exit code needs it. */
export interface Outcome {
  readonly reports: readonly Report[];
  /** A named file (or the usage, or the configuration) could not be used. */
  readonly badInput: boolean;
  /** Something of ours broke. */
  readonly fault: boolean;
}

/** 3 a fault of ours > 2 bad input > 1 findings at or above `failOn` > 0. */
export function exitCode({ reports, badInput, fault }: Outcome, failOn: FailOn): number {
  if (fault) return EXIT.fault;
  if (badInput) return EXIT.usage;
  const counted = COUNTS[failOn];
  const found = reports.some(({ findings }) => findings.some(({ severity }) => counted.includes(severity)));
  return found ? EXIT.findings : EXIT.ok;
}
