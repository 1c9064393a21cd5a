import { formatNumber } from '../../src/report/format.ts';
import type { Spectrum } from '../../src/model/measurement.ts';
import { h } from './dom.ts';

const [WIDTH, HEIGHT] = [210, 70];

/** The spectrum in words: how many singular values, from where to where, and how far apart the ends are. */
export function spectrumSummary({ count, max, min }: Spectrum): string {
  const ends = `${count} singular ${count === 1 ? 'value' : 'values'} from ${formatNumber(max)} to ${formatNumber(min)}`;
  return min > 0 ? `${ends}, condition ${formatNumber(max / min, 2)}` : `${ends}, singular`;
}

/** Singular values of a kernel by rank, as steps above 0; `top` is the end of the axis, else the largest. */
export function spectrumChart(spectrum: Spectrum, top?: number): HTMLElement {
  const { values, max, min } = spectrum;
  const end = top ?? max;
  const y = (value: number) => (HEIGHT * (1 - Math.min(1, value / (end || 1)))).toFixed(1);
  const width = WIDTH / Math.max(1, values.length);
  const steps = values.map((value) => `V${y(value)}h${width.toFixed(2)}`).join('');
  const label = (x: number, anchor: string, words: string) =>
    h('text', { x, y: HEIGHT + 13, 'text-anchor': anchor, class: 'tick' }, words);
  return h(
    'svg',
    {
      class: 'histogram',
      viewBox: `0 0 ${WIDTH} ${HEIGHT + 16}`,
      role: 'img',
      'aria-label': spectrumSummary(spectrum),
    },
    h('path', { d: `M0 ${HEIGHT}${steps}V${HEIGHT}z`, class: 'bar weight' }),
    h('line', { x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT, class: 'grid' }),
    label(0, 'start', `largest ${formatNumber(max, 2)}`),
    label(WIDTH, 'end', `smallest ${formatNumber(min, 2)}`),
  );
}
