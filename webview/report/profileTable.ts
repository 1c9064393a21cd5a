import type { ReportLayer } from '../../src/model/report.ts';
import { lazyTable } from '../shared/lazyTable.ts';
import { formatMeasured, formatNumber } from '../../src/report/format.ts';
import { formatMetric, METRICS, unitOf, valueOf } from '../shared/metrics.ts';

/** The profile and its strips as a table, for readers who do not see the chart. */
export function profileTable(layers: readonly ReportLayer[]): HTMLElement {
  return lazyTable(() => ({
    caption: 'measured [interval over seeds] (predicted; well initialized)',
    columns: ['layer', ...METRICS.map(({ title }) => title), 'cosine of inputs'],
    rows: layers.map((layer) => [
      layer.id,
      ...METRICS.map((metric) => {
        const { measured, predicted, expected } = valueOf(layer, metric);
        const other = [predicted, expected?.mean].map((value) =>
          value === undefined ? '–' : formatMetric(value, metric),
        );
        const own = measured === undefined ? '–' : formatMeasured(measured, unitOf(metric));
        return `${own} (${other.join('; ')})`;
      }),
      cosine(layer),
    ]),
  }));
}

function cosine({ measured, predicted, expected }: ReportLayer): string {
  const [own = '–', ...other] = [measured.cosine?.mean, predicted.cosine, expected.cosine?.mean].map(
    (value) => (value === undefined ? '–' : formatNumber(value, 2)),
  );
  return `${own} (${other.join('; ')})`;
}
