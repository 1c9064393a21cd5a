import type { LayerQuantity, ReportLayer } from '../../src/model/report.ts';
import { formatNumber, formatShare } from '../../src/report/format.ts';
import { fill, h, setVariable } from '../shared/dom.ts';
import type { LayerMark } from '../shared/marks.ts';
import { SEVERITY_ICON } from '../shared/marks.ts';

interface Strip {
  readonly title: string;
  readonly quantity: LayerQuantity;
  readonly format: (value: number) => string;
}

const STRIPS: readonly Strip[] = [
  { title: 'dead', quantity: 'dead', format: formatShare },
  { title: 'saturated', quantity: 'saturated', format: formatShare },
  { title: 'zeros', quantity: 'zeros', format: formatShare },
  { title: 'cosine', quantity: 'cosine', format: formatNumber },
];

/** The rows of cells under the profile, on its columns; names and marks below. */
export interface Strips {
  readonly element: HTMLElement;
  /** Lines the columns up with the plot area. */
  align(left: number, right: number): void;
  select(index: number): void;
}

/** Builds the strips that have something to say; narrow columns become heat cells without text. */
export function strips(
  layers: readonly ReportLayer[],
  marks: ReadonlyMap<string, LayerMark>,
  choose: (index: number) => void,
): Strips {
  const columns: HTMLElement[][] = layers.map(() => []);
  const narrow = layers.length > 24;
  const cell = (strip: Strip, layer: ReportLayer, index: number) => {
    const measured = layer.measured[strip.quantity];
    const expected = layer.expected[strip.quantity];
    const text = measured === undefined ? '' : strip.format(measured.mean);
    const words = [
      `${layer.id}: ${strip.title} ${text === '' ? 'not measured' : text}`,
      expected === undefined ? '' : `expected ${strip.format(expected.mean)}`,
    ].filter(Boolean);
    const element = h(
      'div',
      { class: `cell ${strip.quantity}`, title: words.join(', '), onclick: () => choose(index) },
      h('span', { class: 'amount' }),
      expected !== undefined && h('span', { class: 'expected-tick' }),
      !narrow && h('span', { class: 'cell-text' }, text),
    );
    setVariable(element, '--amount', String(Math.min(1, Math.max(0, measured?.mean ?? 0))));
    setVariable(element, '--expected', String(Math.min(1, Math.max(0, expected?.mean ?? 0))));
    columns[index]?.push(element);
    return element;
  };
  const rows = STRIPS.filter(({ quantity }) =>
    layers.some(
      ({ measured, expected }) => (measured[quantity]?.mean ?? 0) > 0 || (expected[quantity]?.mean ?? 0) > 0,
    ),
  ).map((strip) =>
    h(
      'div',
      { class: 'strip', role: 'presentation' },
      h('span', { class: 'strip-title' }, strip.title),
      h('div', { class: 'cells' }, ...layers.map((layer, index) => cell(strip, layer, index))),
    ),
  );
  const every = Math.max(1, Math.ceil(layers.length / 40));
  const names = h(
    'div',
    { class: 'cells names' },
    ...layers.map((layer, index) => {
      const mark = marks.get(layer.id);
      const element = h(
        'div',
        { class: 'column-name', onclick: () => choose(index) },
        mark?.cause === true &&
          h('span', { class: `icon ${mark.severity}`, title: mark.text }, SEVERITY_ICON[mark.severity]),
        (index % every === 0 || mark?.cause === true) &&
          h('span', { class: 'label', title: layer.id }, layer.name),
      );
      columns[index]?.push(element);
      return element;
    }),
  );
  const element = h('div', { class: narrow ? 'strips narrow' : 'strips' });
  fill(element, ...rows, h('div', { class: 'strip' }, h('span', { class: 'strip-title' }), names));
  setVariable(element, '--columns', String(layers.length));
  return {
    element,
    align: (left, right) => {
      setVariable(element, '--left', `${left}px`);
      setVariable(element, '--width', `${right - left}px`);
    },
    select: (index) => {
      columns.forEach((cells, column) => {
        for (const each of cells) each.classList.toggle('on', column === index);
      });
    },
  };
}
