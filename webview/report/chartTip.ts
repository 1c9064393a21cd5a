import { fill, h, setVariable } from '../shared/dom.ts';
import type { ChartLine } from './lineChart.ts';

/** The numbers of one column of a chart, beside it. What they say stands in the chart's table too, so it is not read aloud. */
export interface ChartTip {
  readonly element: HTMLElement;
  /** `place` is the column's middle as a share of the chart's width. */
  show(
    name: string,
    lines: readonly ChartLine[],
    index: number,
    place: number,
    format: (value: number) => string,
  ): void;
  hide(): void;
}

/** Builds it, hidden. */
export function chartTip(): ChartTip {
  const element = h('div', { class: 'chart-tip', 'aria-hidden': 'true', hidden: true });
  return {
    element,
    show: (name, lines, index, place, format) => {
      const rows = lines.flatMap(({ title, values, look, quiet }) => {
        const value = values[index];
        return value === undefined || quiet === true
          ? []
          : [
              h(
                'div',
                {},
                h('span', { class: `key ${look}` }, title),
                h('span', { class: 'number' }, format(value)),
              ),
            ];
      });
      fill(element, h('strong', {}, name), ...rows);
      setVariable(element, '--place', String(place));
      element.classList.toggle('after', place > 0.5);
      element.hidden = false;
    },
    hide: () => {
      element.hidden = true;
    },
  };
}
