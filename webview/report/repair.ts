import { formatNumber } from '../../src/report/format.ts';
import type { Advice } from '../../src/model/finding.ts';
import type { Report, ReportLayer } from '../../src/model/report.ts';

/** What was measured with an advice, by layer id. */
export interface Repair {
  readonly advice: Advice;
  readonly signal: ReadonlyMap<string, number>;
  readonly gradient: ReadonlyMap<string, number>;
}

function byLayer(layers: readonly ReportLayer[], values: readonly (number | null)[]): Map<string, number> {
  return new Map(
    layers.flatMap(({ id }, index) => {
      const value = values[index] ?? null;
      return value === null ? [] : [[id, value] as const];
    }),
  );
}

/** The profile with this advice; undefined where none was measured. */
export function repairOf(report: Report, advice: Advice): Repair | undefined {
  const profile = advice.repair === undefined ? undefined : report.repairs?.[advice.repair];
  if (profile === undefined) return undefined;
  return {
    advice,
    signal: byLayer(report.layers, profile.signal),
    gradient: byLayer(report.layers, profile.gradient),
  };
}

/** The first advice, of the gravest finding, that a profile was measured with. */
export function firstRepaired(report: Report): Advice | undefined {
  return report.findings.flatMap(({ advice }) => advice).find(({ repair }) => repair !== undefined);
}

/** The repair in one sentence, for readers who do not see the lines. */
export function repairSummary({ advice, signal, gradient }: Repair, layers: readonly ReportLayer[]): string {
  const shown = layers.filter(({ id, trunk }) => trunk && signal.has(id) && gradient.has(id));
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined) return '';
  const at = (values: ReadonlyMap<string, number>, { id }: ReportLayer) =>
    `${formatNumber(values.get(id) ?? NaN)} at ${id}`;
  return (
    ` With “${advice.title}”: the signal from ${at(signal, first)} to ${at(signal, last)}, ` +
    `the gradient from ${at(gradient, last)} back to ${at(gradient, first)}.`
  );
}
