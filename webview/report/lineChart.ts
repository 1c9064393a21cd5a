import { fill, h } from '../shared/dom.ts';
import { formatNumber, formatShare } from '../../src/report/format.ts';
import { chartTip } from './chartTip.ts';
import { logScale, powerText, SHARE_SCALE, type Scale } from '../shared/scale.ts';
import { steppedIndex } from './steppedIndex.ts';

/** One line over the columns; gaps where a value is unknown. `look` names its classes in the stylesheet. */
export interface ChartLine {
  readonly title: string;
  readonly look: string;
  readonly values: readonly (number | undefined)[];
  /** Left out where the numbers of a column are shown. */
  readonly quiet?: boolean;
}

/** The frame of a chart. */
export interface ChartFrame {
  /** What each column is: layers, or steps. The first and the last stand under the ends. */
  readonly names: readonly string[];
  readonly scale?: 'log' | 'share';
  /** Values that are healthy. */
  readonly band?: readonly [number, number];
  readonly size?: readonly [width: number, height: number];
  /** Chooses a column: by a click, and by the arrow keys where the chart has the focus. */
  readonly choose?: (index: number) => void;
}

/** A chart that can be drawn again with other lines. */
export interface LineChart {
  readonly element: HTMLElement;
  /** The picture in it. */
  readonly drawing: SVGElement;
  /** `scale` replaces the chart's own; its ticks are written as numbers, not as powers, when `linear`. */
  draw(lines: readonly ChartLine[], summary: string, more?: { scale?: Scale; linear?: boolean }): void;
  /** Marks a column; −1 for none. */
  select(index: number): void;
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

/** A chart of lines as SVG, cheap enough to draw again at every move of a slider. The pointer shows the numbers of a column. */
export function lineChart(frame: ChartFrame): LineChart {
  const { names, band, choose } = frame;
  const columns = Math.max(1, names.length);
  const [initial, height] = frame.size ?? [920, 280];
  let width: number = initial;
  const share = frame.scale === 'share';
  let half = (width - LEFT) / columns / 2;
  const x = (index: number) => LEFT + (2 * index + 1) * half;
  const column = (look: string) => h('rect', { y: 0, height: height - BOTTOM, class: look });
  const [marked, pointed] = [column('column'), column('column pointed')];
  const at = (mark: SVGElement, index: number) => {
    mark.setAttribute('x', String(index < 0 ? -2 * width : x(index) - half));
    mark.setAttribute('width', String(2 * half));
  };
  const content = h('g');
  const drawing = h('svg', { class: 'line-chart', role: 'img' }, marked, pointed, content);
  const tip = chartTip();
  const element = h('div', { class: 'chart-box' }, drawing, tip.element);
  let drawn: readonly ChartLine[] = [];
  let selected = -1;
  const indexAt = (event: Event) => {
    const { left, width: shown } = drawing.getBoundingClientRect();
    const inside = (((event as PointerEvent).clientX - left) / shown) * width - LEFT;
    return inside < 0 ? -1 : Math.min(columns - 1, Math.floor(inside / (2 * half)));
  };
  const point = (index: number) => {
    at(pointed, index);
    if (index < 0) tip.hide();
    else tip.show(names[index] ?? '', drawn, index, x(index) / width, share ? formatShare : formatNumber);
  };
  drawing.addEventListener('pointermove', (event) => point(indexAt(event)));
  drawing.addEventListener('pointerleave', () => point(-1));
  if (choose !== undefined) {
    element.tabIndex = 0;
    element.setAttribute('role', 'group');
    element.setAttribute('aria-label', 'chart: the left and right arrow keys choose a layer');
    drawing.addEventListener('click', (event) => {
      const index = indexAt(event);
      if (index >= 0) choose(index);
    });
    element.addEventListener('keydown', (event) => {
      const next = steppedIndex(event.key, selected, names.length);
      if (next < 0) return;
      event.preventDefault();
      choose(next);
    });
  }
  const draw: LineChart['draw'] = (lines, summary, { scale: given, linear = false } = {}) => {
    drawn = lines;
    const known = lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
    const scale = given ?? (share ? SHARE_SCALE : logScale(known));
    const y = (value: number) => (1 - scale.position(value)) * (height - BOTTOM - TOP - 2) + TOP;
    drawing.setAttribute('aria-label', summary);
    fill(
      content,
      band &&
        h('rect', {
          x: LEFT,
          y: y(band[1]),
          width: width - LEFT,
          height: y(band[0]) - y(band[1]),
          class: 'band',
        }),
      ...scale.ticks.flatMap((tick) => [
        h('line', { x1: LEFT, x2: width, y1: y(tick), y2: y(tick), class: 'grid' }),
        h(
          'text',
          { x: LEFT - 8, y: y(tick) + 4, 'text-anchor': 'end', class: 'tick' },
          share ? formatShare(tick) : linear ? formatNumber(tick) : powerText(tick),
        ),
      ]),
      ...lines.map(({ look, values }) =>
        h('path', {
          d: (look.includes('points') ? pointsOf : pathOf)(values, x, y),
          class: `line ${look}`,
        }),
      ),
      h('text', { x: LEFT, y: height - 4, class: 'tick' }, names[0]),
      h('text', { x: width, y: height - 4, 'text-anchor': 'end', class: 'tick' }, names.at(-1)),
    );
  };
  let again = (): void => undefined;
  /** Draws in the pixels there are, so that words keep their size. */
  const fit = (room: number) => {
    width = room;
    half = (width - LEFT) / columns / 2;
    drawing.setAttribute('viewBox', `0 0 ${width} ${height}`);
    at(marked, selected);
    point(-1);
    again();
  };
  fit(width);
  new ResizeObserver(() => {
    const room = Math.round(drawing.getBoundingClientRect().width);
    if (room > 2 * LEFT && room !== width) fit(room);
  }).observe(element);
  return {
    element,
    drawing,
    select: (index) => {
      selected = index;
      at(marked, index);
    },
    draw: (lines, summary, more = {}) => {
      again = () => draw(lines, summary, more);
      again();
    },
  };
}
