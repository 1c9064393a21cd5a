import type { ScannedTensor, Trend } from '../../src/model/scan.ts';
import { tensorTitle } from '../../src/report/scan.ts';
import { fill, h } from '../shared/dom.ts';
import { logScale, powerText } from '../shared/scale.ts';

/** How the line of a trend looks; the table says it in words. */
export const TREND_LOOKS: Readonly<Record<Trend, string>> = {
  flat: 'good-line',
  grows: 'warn-line',
  shrinks: 'backward',
  unclear: 'other',
  zero: 'other',
  'not finite': 'other',
};

/** Sizes over the width, both axes logarithmic. */
export interface ScanChart {
  readonly element: SVGElement;
  /** Marks the tensors of a layer. */
  select(layer: string | undefined): void;
}

/** What a chart shows: a part of every tensor at every width. */
export interface ScanChartFrame {
  readonly tensors: readonly ScannedTensor[];
  readonly part: 'activation' | 'update';
  readonly factors: readonly number[];
  readonly widths: readonly string[];
  readonly summary: string;
  choose(layer: string): void;
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [480, 260, 64, 24, 8, 24];

/** Draws it. A size that is 0 or not finite has no point. */
export function scanChart({ tensors, part, factors, widths, summary, choose }: ScanChartFrame): ScanChart {
  const all = tensors.flatMap((tensor) => tensor[part].values);
  const scale = logScale(all, false);
  const [least, most] = [Math.log(factors[0] ?? 1), Math.log(factors.at(-1) ?? 2)];
  const x = (factor: number) =>
    LEFT + 8 + ((Math.log(factor) - least) / (most - least || 1)) * (WIDTH - LEFT - RIGHT - 8);
  const y = (value: number) => TOP + (1 - scale.position(value)) * (HEIGHT - TOP - BOTTOM);
  const places = (values: readonly number[]) =>
    factors.flatMap((factor, index) => {
      const value = values[index] ?? NaN;
      return Number.isFinite(value) && value > 0 ? [`${x(factor).toFixed(1)} ${y(value).toFixed(1)}`] : [];
    });
  const lines = h('g');
  const draw = (layer: string | undefined) =>
    fill(
      lines,
      ...tensors
        .toSorted((a, b) => Number(a.layer === layer) - Number(b.layer === layer))
        .map((tensor) => {
          const { values, trend } = tensor[part];
          const look = `${TREND_LOOKS[trend]} ${tensor.layer === layer ? 'chosen' : ''}`;
          return h(
            'g',
            { onclick: () => choose(tensor.layer) },
            h('title', {}, `${tensorTitle(tensor)}: ${trend}`),
            h('path', { d: `M${places(values).join('L')}`, class: `line ${look}` }),
          );
        }),
    );
  draw(undefined);
  const element = h(
    'svg',
    { class: 'line-chart scan-chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': summary },
    ...scale.ticks.flatMap((tick) => [
      h('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y(tick), y2: y(tick), class: 'grid' }),
      h('text', { x: LEFT - 8, y: y(tick) + 4, 'text-anchor': 'end', class: 'tick' }, powerText(tick)),
    ]),
    ...factors.flatMap((factor, index) => [
      h('line', { x1: x(factor), x2: x(factor), y1: TOP, y2: HEIGHT - BOTTOM, class: 'grid' }),
      h('text', { x: x(factor), y: HEIGHT - 6, 'text-anchor': 'middle', class: 'tick' }, widths[index]),
    ]),
    lines,
  );
  return { element, select: draw };
}
