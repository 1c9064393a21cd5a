import type { Finding } from '../../src/model/finding.ts';
import { halfOf } from './halves.ts';

interface RuleCount {
  true: number;
  false: number;
  missed: number;
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** Findings that count: warnings and errors. */
export const serious = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ severity }) => severity === 'error' || severity === 'warning');

/** What a calibration counts: per set, per half and per rule. */
export class Tally {
  readonly rules: Record<string, RuleCount> = {};
  readonly halves: Record<string, Record<string, number>> = {};
  readonly #counts: Record<string, number> = {};

  rule(rule: string, what: keyof RuleCount): void {
    (this.rules[rule] ??= { true: 0, false: 0, missed: 0 })[what] += 1;
  }

  /** Adds to a count, under the model's half too where one is named. */
  add(what: string, model?: string, by = 1): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + by;
    if (model === undefined) return;
    const half = (this.halves[halfOf(model)] ??= {});
    half[what] = (half[what] ?? 0) + by;
  }

  /** The figures in the shape that `--json` prints. */
  summary() {
    const count = (what: string): number => this.#counts[what] ?? 0;
    return {
      healthy: { models: count('healthy'), falseAlarms: count('falseAlarms') },
      mutants: {
        models: count('mutants'),
        recall: share(count('found'), count('mutants')),
        precision: share(count('found'), count('found') + count('extra')),
        firstCause: share(count('firstCause'), count('found')),
      },
      advice: {
        asked: count('asked'),
        offered: count('offered'),
        removes: share(count('removes'), count('asked')),
        trained: count('trained'),
        trainsNoSlower: share(count('trainsNoSlower'), count('trained')),
      },
      predictions: { layers: count('predicted'), agree: share(count('agreed'), count('predicted')) },
      failed: count('failed'),
      halves: this.halves,
      rules: this.rules,
    };
  }
}
