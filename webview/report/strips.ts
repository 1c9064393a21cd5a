import type { LayerQuantity, ReportLayer } from '../../src/model/report.ts';
import { formatMeasured, formatNumber, formatShare, overSeeds } from '../../src/report/format.ts';
import { fill, h, setVariable } from '../shared/dom.ts';
import type { LayerMark } from '../shared/marks.ts';
import { SEVERITY_ICON } from '../shared/marks.ts';
import { labelledColumns } from './columnLabels.ts';
import type { ProfileEvents } from './profileChart.ts';

interface Strip {
  readonly title: string;
  readonly quantity: LayerQuantity;
  readonly unit: '' | 'share';
  /** What stands in a cell. */
  readonly format: (value: number) => string;
}

const STRIPS: readonly Strip[] = [
  { title: 'dead', quantity: 'dead', unit: 'share', format: formatShare },
  { title: 'saturated', quantity: 'saturated', unit: 'share', format: formatShare },
  { title: 'zeros', quantity: 'zeros', unit: 'share', format: formatShare },
  {
    title: 'cosine',
    quantity: 'cosine',
    unit: '',
    format: (value) => formatNumber(Math.round(100 * value) / 100, 2),
  },
];

/** More cells than this cannot be told apart: neighbours share one, which shows the largest of them. */
const MOST_CELLS = 160;

/** Room that the text in a cell needs, and a cell at all, in pixels. */
const [TEXT_WIDTH, HEAT_WIDTH] = [46, 24];

/** Width of a letter of a column's name in pixels, and the sine of the angle at which names stand that do not fit side by side. */
const [NAME_WIDTH, TURNED] = [6.6, 0.62];

/** The name of a column; numbered members of a PyTorch container say nothing without it. */
const labelOf = ({ id, name }: ReportLayer) => (/^\d+$/.test(name) ? id : name);

/** The rows of cells under the profile, on its columns; names and marks below. */
export interface Strips {
  readonly element: HTMLElement;
  /** Lines the columns up with the plot area. */
  align(left: number, right: number): void;
  select(index: number): void;
  /** Shows the column that the pointer is on elsewhere; −1 for none. */
  hover(index: number): void;
}

/** Builds the strips that have something to say; narrow columns become heat cells without text. */
export function strips(
  layers: readonly ReportLayer[],
  marks: ReadonlyMap<string, LayerMark>,
  { choose, hovered }: Pick<ProfileEvents, 'choose' | 'hovered'>,
): Strips {
  const size = Math.ceil(layers.length / MOST_CELLS);
  const starts = Array.from({ length: Math.ceil(layers.length / size) }, (_, index) => index * size);
  const columns: HTMLElement[][] = starts.map(() => []);
  const cell = ({ title, quantity, unit, format }: Strip, from: number, column: number) => {
    const own = layers.slice(from, from + size);
    const most = own.reduce(
      (best, layer, index) =>
        (layer.measured[quantity]?.mean ?? -1) > (own[best]?.measured[quantity]?.mean ?? -1) ? index : best,
      0,
    );
    const layer = own[most];
    const measured = layer?.measured[quantity];
    const expected = layer?.expected[quantity];
    const text = measured === undefined ? '' : format(measured.mean);
    const words = [
      `${layer?.id ?? ''}: ${title} ${measured === undefined ? 'not measured' : `${formatMeasured(measured, unit)} ${overSeeds(measured)}`}`,
      expected === undefined ? '' : `expected ${formatMeasured(expected, unit)}`,
      own.length > 1 ? `the most of ${own.length} layers` : '',
    ].filter(Boolean);
    const element = h(
      'div',
      {
        class: `cell ${quantity}`,
        title: words.join(', '),
        onclick: () => choose(from + most),
        onpointerenter: () => hovered(from + most),
      },
      h('span', { class: 'amount' }),
      expected !== undefined && h('span', { class: 'expected-tick' }),
      size === 1 && h('span', { class: 'cell-text' }, text),
    );
    setVariable(element, '--amount', String(Math.min(1, Math.max(0, measured?.mean ?? 0))));
    setVariable(element, '--expected', String(Math.min(1, Math.max(0, expected?.mean ?? 0))));
    columns[column]?.push(element);
    return element;
  };
  const rows = STRIPS.filter(({ quantity }) =>
    layers.some(
      ({ measured, expected }) => (measured[quantity]?.mean ?? 0) > 0 || (expected[quantity]?.mean ?? 0) > 0,
    ),
  ).map((strip) =>
    h(
      'div',
      { class: 'strip' },
      h('span', { class: 'strip-title' }, strip.title),
      h('div', { class: 'cells' }, ...starts.map((from, column) => cell(strip, from, column))),
    ),
  );
  const labels: HTMLElement[] = [];
  const causes: number[] = [];
  const name = (from: number, column: number) => {
    const own = layers.slice(from, from + size);
    const cause = own.find(({ id }) => marks.get(id)?.cause === true) ?? own[0];
    const mark = marks.get(cause?.id ?? '');
    const caused = mark?.cause === true;
    if (caused) causes.push(column);
    const label = h('span', { class: 'label', title: cause?.id }, cause === undefined ? '' : labelOf(cause));
    labels.push(label);
    const element = h(
      'div',
      { class: 'column-name', onclick: () => choose(layers.findIndex((layer) => layer === cause)) },
      caused && h('span', { class: `icon ${mark.severity}`, title: mark.text }, SEVERITY_ICON[mark.severity]),
      label,
    );
    columns[column]?.push(element);
    return element;
  };
  const element = h('div', { class: 'strips', onpointerleave: () => hovered(-1) });
  fill(
    element,
    ...rows,
    h(
      'div',
      { class: 'strip' },
      h('span', { class: 'strip-title' }),
      h('div', { class: 'cells names' }, ...starts.map(name)),
    ),
  );
  setVariable(element, '--columns', String(starts.length));
  const longest = Math.max(0, ...layers.map((layer) => labelOf(layer).length));
  setVariable(element, '--names', `${Math.min(88, Math.ceil(24 + longest * NAME_WIDTH * TURNED))}px`);
  const columnOf = (index: number) => (index < 0 ? -1 : Math.floor(index / size));
  const marker = (look: string) => {
    let marked = -1;
    return (index: number) => {
      columns[marked]?.forEach((each) => each.classList.remove(look));
      marked = columnOf(index);
      columns[marked]?.forEach((each) => each.classList.add(look));
    };
  };
  let room = TEXT_WIDTH;
  let selected = -1;
  const drawLabels = () => {
    const shown = labelledColumns(labels.length, room, [selected, ...causes]);
    labels.forEach((label, column) => (label.hidden = !shown.has(column)));
  };
  const select = marker('on');
  return {
    element,
    align: (left, right) => {
      setVariable(element, '--left', `${left}px`);
      setVariable(element, '--width', `${right - left}px`);
      room = (right - left) / starts.length;
      drawLabels();
      element.classList.toggle('tight', room < TEXT_WIDTH);
      element.classList.toggle('narrow', room < HEAT_WIDTH);
      element.classList.toggle('level', room > longest * NAME_WIDTH + 8);
    },
    select: (index) => {
      select(index);
      selected = columnOf(index);
      drawLabels();
    },
    hover: marker('under'),
  };
}
