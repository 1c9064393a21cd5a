import type { ReportLayer } from '../../src/model/report.ts';
import { h } from '../shared/dom.ts';
import { formatMetric, METRICS, valueOf } from '../shared/metrics.ts';

/** The profile and its strips as a table, for readers who do not see the chart; built when it is first opened. */
export function profileTable(layers: readonly ReportLayer[]): HTMLElement {
  const details = h(
    'details',
    { class: 'as-table' },
    h('summary', {}, 'As a table'),
  ) as unknown as HTMLDetailsElement;
  details.addEventListener('toggle', () => {
    if (!details.open || details.querySelector('table') !== null) return;
    details.append(
      h(
        'table',
        {},
        h('caption', {}, 'measured (predicted; well initialized)'),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, 'layer'),
            ...METRICS.map(({ title }) => h('th', { scope: 'col' }, title)),
          ),
        ),
        h(
          'tbody',
          {},
          ...layers.map((layer) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, layer.id),
              ...METRICS.map((metric) => {
                const { measured, predicted, expected } = valueOf(layer, metric);
                const other = [predicted, expected?.mean].map((value) =>
                  value === undefined ? '–' : formatMetric(value, metric),
                );
                const own = measured === undefined ? '–' : formatMetric(measured.mean, metric);
                return h('td', {}, own, h('span', { class: 'dim' }, ` (${other.join('; ')})`));
              }),
            ),
          ),
        ),
      ),
    );
  });
  return details;
}
