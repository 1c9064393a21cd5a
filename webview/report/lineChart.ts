import { fill, h } from '../shared/dom.ts';
import { formatNumber, formatShare } from '../../src/report/format.ts';
import { logScale, powerText, SHARE_SCALE, type Scale } from '../shared/scale.ts';

/** One line over the columns; gaps where a value is unknown. `look` names its classes in the stylesheet. */
export interface ChartLine {
  readonly title: string;
  readonly look: string;
  readonly values: readonly (number | undefined)[];
}

/** The frame of a chart. */
export interface ChartFrame {
  readonly columns: number;
  /** What stands under the left and the right end. */
  readonly ends: readonly [string, string];
  readonly scale?: 'log' | 'share';
  /** Values that are healthy. */
  readonly band?: readonly [number, number];
  readonly size?: readonly [width: number, height: number];
}

/** A chart that can be drawn again with other lines. */
export interface LineChart {
  readonly element: SVGElement;
  /** `scale` replaces the chart's own; its ticks are written as numbers, not as powers, when `linear`. */
  draw(
    lines: readonly ChartLine[],
    summary: string,
    more?: { selected?: number; scale?: Scale; linear?: boolean },
  ): void;
}

const [LEFT, BOTTOM, TOP] = [64, 20, 6];

function pathOf(
  values: readonly (number | undefined)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let drawn = '';
  let up = true;
  values.forEach((value, index) => {
    const known = value !== undefined && !Number.isNaN(value);
    if (known) drawn += `${up ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    up = !known;
  });
  return drawn;
}

/** The same as points, which round line ends make visible. */
function pointsOf(
  values: readonly (number | undefined)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  return values
    .map((value, index) => (value === undefined ? '' : `M${x(index).toFixed(1)} ${y(value).toFixed(1)}h0`))
    .join('');
}

/** A chart of lines as SVG, cheap enough to draw again at every move of a slider. */
export function lineChart(frame: ChartFrame): LineChart {
  const { columns, ends, band } = frame;
  const [width, height] = frame.size ?? [920, 280];
  const share = frame.scale === 'share';
  const element = h('svg', { class: 'line-chart', viewBox: `0 0 ${width} ${height}`, role: 'img' });
  const x = (index: number) => LEFT + ((index + 0.5) / Math.max(1, columns)) * (width - LEFT);
  return {
    element,
    draw: (lines, summary, { selected = -1, scale: given, linear = false } = {}) => {
      const known = lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
      const scale = given ?? (share ? SHARE_SCALE : logScale(known));
      const y = (value: number) => (1 - scale.position(value)) * (height - BOTTOM - TOP - 2) + TOP;
      const half = (width - LEFT) / Math.max(1, columns) / 2;
      element.setAttribute('aria-label', summary);
      fill(
        element,
        band &&
          h('rect', {
            x: LEFT,
            y: y(band[1]),
            width: width - LEFT,
            height: y(band[0]) - y(band[1]),
            class: 'band',
          }),
        selected >= 0 &&
          h('rect', {
            x: x(selected) - half,
            y: 0,
            width: half * 2,
            height: height - BOTTOM,
            class: 'column',
          }),
        ...scale.ticks.flatMap((tick) => [
          h('line', { x1: LEFT, x2: width, y1: y(tick), y2: y(tick), class: 'grid' }),
          h(
            'text',
            { x: LEFT - 8, y: y(tick) + 4, 'text-anchor': 'end', class: 'tick' },
            share ? formatShare(tick) : linear ? formatNumber(tick) : powerText(tick),
          ),
        ]),
        ...lines.map(({ title, look, values }) =>
          h(
            'path',
            { d: (look.includes('points') ? pointsOf : pathOf)(values, x, y), class: `line ${look}` },
            h('title', {}, title),
          ),
        ),
        h('text', { x: LEFT, y: height - 4, class: 'tick' }, ends[0]),
        h('text', { x: width, y: height - 4, 'text-anchor': 'end', class: 'tick' }, ends[1]),
      );
    },
  };
}
