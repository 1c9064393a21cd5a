import type { Severity } from '../model/finding.ts';

/** One entry of the table of rules: everything a person is told about it, in one place. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  /** The severity it has unless its error threshold is passed or a configuration says otherwise. */
  readonly severity: Severity;
  /** When it fires, in words with the default thresholds. */
  readonly criterion: string;
  /** Units of the numbers it shows. */
  readonly units: string;
  /** What it means and why it matters, a few plain sentences. */
  readonly explanation: string;
  /** What to do. */
  readonly advice: string;
  /** When the same picture is meant and healthy. */
  readonly legitimate: string;
  /** Formula behind the criterion. */
  readonly formula: string;
  readonly references: readonly string[];
  /** Thresholds that a project may change. */
  readonly thresholds: Readonly<Record<string, number>>;
}
