import type { Report, ReportLayer } from '../../src/model/report.ts';
import { formatNumber } from '../../src/report/format.ts';
import { signalOf } from '../../src/report/layerSignal.ts';
import { profileEnds } from './profileEnds.ts';

/** The chart in one sentence, for readers who do not see it. */
export function profileSummary(report: Report, layers: readonly ReportLayer[]): string {
  const measured = layers.filter((layer) => layer.trunk && signalOf(layer) !== undefined);
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined) return `Profile of ${report.model}: nothing was measured.`;
  const number = (layer: ReportLayer, part: 'signal' | 'gradient') =>
    formatNumber((part === 'signal' ? signalOf(layer) : layer.measured.gradientNorm)?.mean ?? NaN);
  return (
    `Profile of ${report.model} over ${layers.length} layers: the signal goes from ${number(first, 'signal')} at ${first.id} ` +
    `to ${number(last, 'signal')} at ${last.id}; the gradient from ${number(last, 'gradient')} at ${last.id} ` +
    `back to ${number(first, 'gradient')} at ${first.id}. ${profileEnds(layers).join(' ')}`.trimEnd()
  );
}
