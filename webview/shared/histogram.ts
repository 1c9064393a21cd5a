import { formatNumber } from '../../src/report/format.ts';
import type { TensorStats } from '../../src/model/measurement.ts';
import { h } from './dom.ts';

const [WIDTH, HEIGHT] = [210, 70];

/** A histogram as SVG with its axis and a text equivalent; bars the activation cuts (`cutBelow`) are faint. */
export function histogram(
  stats: TensorStats,
  kind: 'forward' | 'backward' | 'weight',
  cutBelow?: number,
): HTMLElement {
  const { low, high, counts } = stats.histogram;
  const top = Math.max(1, ...counts);
  const width = WIDTH / Math.max(1, counts.length);
  const bars = counts.map((count, index) => {
    const centre = low + ((index + 0.5) / counts.length) * (high - low);
    const height = count === 0 ? 0 : Math.max(0.8, (count / top) * HEIGHT);
    const cut = cutBelow !== undefined && centre < cutBelow;
    return h('rect', {
      x: (index * width).toFixed(2),
      y: (HEIGHT - height).toFixed(2),
      width: Math.max(0.5, width - 0.8).toFixed(2),
      height: height.toFixed(2),
      class: `bar ${kind}${cut ? ' cut' : ''}`,
    });
  });
  const label = (x: number, anchor: string, value: number) =>
    h('text', { x, y: HEIGHT + 13, 'text-anchor': anchor, class: 'tick' }, formatNumber(value, 2));
  const zero = low < 0 && high > 0 ? (-low / (high - low)) * WIDTH : undefined;
  const summary =
    `from ${formatNumber(stats.min)} to ${formatNumber(stats.max)}, rms ${formatNumber(stats.rms)}, ` +
    `median ${formatNumber(stats.percentiles[2])}`;
  return h(
    'svg',
    {
      class: 'histogram',
      viewBox: `0 0 ${WIDTH} ${HEIGHT + 16}`,
      role: 'img',
      'aria-label': `histogram ${summary}`,
    },
    ...bars,
    h('line', { x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT, class: 'grid' }),
    label(0, 'start', low),
    zero !== undefined && zero > 40 && zero < WIDTH - 40 && label(zero, 'middle', 0),
    label(WIDTH, 'end', high),
  );
}
