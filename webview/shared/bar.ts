import { h } from './dom.ts';
import { metricWords, type Metric, type MetricValue } from './metrics.ts';
import type { Scale } from './scale.ts';

const WIDTH = 100;

/**
 * The instrument of one layer: healthy band shaded, interval and measured mark, theory's tick (dotted) and the twin's (green).
 * Carries its numbers as text for screen readers.
 */
export function bar(value: MetricValue, metric: Metric, scale: Scale): HTMLElement {
  const x = (number: number) => (scale.position(number) * WIDTH).toFixed(2);
  const { measured, expected, predicted } = value;
  const band = metric.band;
  return h(
    'svg',
    {
      class: 'bar-instrument',
      viewBox: `0 0 ${WIDTH} 10`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': metricWords(value, metric),
    },
    h('rect', { x: 0, y: 0, width: WIDTH, height: 10, class: 'track' }),
    band &&
      h('rect', {
        x: x(band[0]),
        y: 0,
        width: (Number(x(band[1])) - Number(x(band[0]))).toFixed(2),
        height: 10,
        class: 'band',
      }),
    metric.scale === 'share' &&
      measured &&
      h('rect', { x: 0, y: 2, width: x(measured.mean), height: 6, class: 'filled' }),
    measured &&
      h('rect', {
        x: x(measured.lo),
        y: 3,
        width: Math.max(0.5, Number(x(measured.hi)) - Number(x(measured.lo))).toFixed(2),
        height: 4,
        class: 'interval',
      }),
    predicted !== undefined &&
      h('rect', { x: x(predicted), y: 0, width: 0.8, height: 10, class: 'predicted' }),
    expected && h('rect', { x: x(expected.mean), y: 0, width: 1.2, height: 10, class: 'expected' }),
    measured && h('rect', { x: Number(x(measured.mean)) - 1, y: 1, width: 2, height: 8, class: 'mark' }),
  );
}
