import { fill, h } from '../shared/dom.ts';
import { logScale, powerText } from '../shared/scale.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [920, 280, 72, 20];

/** One line over the layers; gaps where a value is unknown. */
export interface ChartLine {
  readonly title: string;
  readonly kind: 'forward' | 'backward';
  /** Drawn thin and dotted: what it was before. */
  readonly before: boolean;
  readonly values: readonly (number | undefined)[];
}

/** A log chart of lines over layers as SVG, cheap enough to draw again at every move of a slider. */
export function lineChart(names: readonly string[]): {
  readonly element: HTMLElement;
  draw(lines: readonly ChartLine[], summary: string, selected?: number): void;
} {
  const element = h('svg', {
    class: 'line-chart',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
  });
  const x = (index: number) => LEFT + ((index + 0.5) / Math.max(1, names.length)) * (WIDTH - LEFT);
  return {
    element,
    draw: (lines, summary, selected = -1) => {
      const known = lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
      const scale = logScale(known);
      const y = (value: number) => (1 - scale.position(value)) * (HEIGHT - BOTTOM - 8) + 6;
      const path = (values: readonly (number | undefined)[]) => {
        let drawn = '';
        let up = true;
        values.forEach((value, index) => {
          if (value !== undefined) drawn += `${up ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
          up = value === undefined;
        });
        return drawn;
      };
      element.setAttribute('aria-label', summary);
      const half = (WIDTH - LEFT) / Math.max(1, names.length) / 2;
      fill(
        element,
        h('rect', { x: LEFT, y: y(10), width: WIDTH - LEFT, height: y(0.1) - y(10), class: 'band' }),
        selected >= 0 &&
          h('rect', {
            x: x(selected) - half,
            y: 0,
            width: half * 2,
            height: HEIGHT - BOTTOM,
            class: 'column',
          }),
        ...scale.ticks.flatMap((tick) => [
          h('line', { x1: LEFT, x2: WIDTH, y1: y(tick), y2: y(tick), class: 'grid' }),
          h('text', { x: LEFT - 8, y: y(tick) + 4, 'text-anchor': 'end', class: 'tick' }, powerText(tick)),
        ]),
        ...lines.map(({ kind, before, values }) =>
          h('path', { d: path(values), class: `line ${kind} ${before ? 'before' : ''}` }),
        ),
        h('text', { x: LEFT, y: HEIGHT - 4, class: 'tick' }, names[0] ?? ''),
        h('text', { x: WIDTH, y: HEIGHT - 4, 'text-anchor': 'end', class: 'tick' }, names.at(-1) ?? ''),
      );
    },
  };
}
