import { signalOf } from '../../src/report/layerSignal.ts';
import { signalQuantity } from '../../src/model/layerSignal.ts';
import type { ReportLayer } from '../../src/model/report.ts';
import { formatCount, formatNumber, formatShare } from '../../src/report/format.ts';
import { fill, h } from '../shared/dom.ts';
import { layerMarks, markIcon } from '../shared/marks.ts';
import { virtualList } from '../shared/virtualList.ts';
import type { Tab, TabContext } from './tab.ts';
import { saveFile } from './saveFile.ts';

interface Column {
  readonly title: string;
  text(layer: ReportLayer): string;
  readonly number?: true;
  /** What it is sorted by. */
  key(layer: ReportLayer): number | string;
}

const kernel = ({ initializers }: ReportLayer) =>
  initializers.find(({ gain }) => gain !== undefined) ?? initializers[0];
const quantity = (
  title: string,
  pick: (layer: ReportLayer) => number | undefined,
  format: (value: number) => string,
): Column => ({
  title,
  number: true,
  text: (layer) => {
    const value = pick(layer);
    return value === undefined ? '' : format(value);
  },
  key: (layer) => pick(layer) ?? -Infinity,
});

const COLUMNS: readonly Column[] = [
  { title: 'layer', text: ({ id }) => id, key: ({ id }) => id },
  {
    title: 'class',
    text: (layer) => [layer.class, layer.activation].filter(Boolean).join(' · '),
    key: (layer) => layer.class,
  },
  quantity('parameters', ({ parameters }) => parameters, formatCount),
  quantity('rms', (layer) => signalOf(layer)?.mean, formatNumber),
  quantity('predicted', (layer) => layer.predicted[signalQuantity(layer)], formatNumber),
  quantity('gradient', ({ measured }) => measured.gradientNorm?.mean, formatNumber),
  quantity('zeros', ({ measured }) => measured.zeros?.mean, formatShare),
  quantity('saturated', ({ measured }) => measured.saturated?.mean, formatShare),
  quantity('dead', ({ measured }) => measured.dead?.mean, formatShare),
  {
    title: 'initializer',
    text: (layer) => kernel(layer)?.spelled ?? '',
    key: (layer) => kernel(layer)?.spelled ?? '',
  },
  quantity('fan-in', (layer) => kernel(layer)?.fanIn, formatCount),
  quantity('gain has', (layer) => kernel(layer)?.gain?.has, formatNumber),
  quantity('gain needs', (layer) => kernel(layer)?.gain?.needs, formatNumber),
];

/** Every layer, sortable by any column, filterable, virtualised, copyable as tab-separated text. */
export function allLayers(context: TabContext): Tab {
  const marks = layerMarks(context.report);
  let shown: readonly ReportLayer[] = context.report.layers;
  let sorted = { column: -1, down: false };
  let filter = '';
  const header = h('div', { class: 'table-row table-head' });
  const list = virtualList({
    label: 'All layers',
    rowHeight: 22,
    row: (index) => {
      const layer = shown[index];
      if (layer === undefined) return h('div');
      const mark = marks.get(layer.id);
      return h(
        'div',
        { class: 'table-row' },
        h('span', { class: `icon ${mark?.severity ?? ''}`, title: mark?.text }, mark ? markIcon(mark) : ''),
        ...COLUMNS.map((column) => {
          const text = column.text(layer);
          return h('span', { title: text, class: column.number && 'number' }, text);
        }),
      );
    },
    choose: (index) => {
      const layer = shown[index];
      if (layer !== undefined) context.choose(layer.id);
    },
  });
  const draw = () => {
    const words = filter.toLowerCase();
    const kept = context.report.layers.filter((layer) =>
      COLUMNS.some((column) => column.text(layer).toLowerCase().includes(words)),
    );
    const column = COLUMNS[sorted.column];
    shown = column === undefined ? kept : kept.toSorted((a, b) => compare(column.key(a), column.key(b)));
    if (sorted.down) shown = shown.toReversed();
    fill(
      header,
      h('span'),
      ...COLUMNS.map((each, index) =>
        h(
          'button',
          {
            type: 'button',
            class: each.number ? 'quiet number' : 'quiet',
            'aria-label': `sort by ${each.title}`,
            onclick: () => {
              sorted = { column: index, down: sorted.column === index && !sorted.down };
              draw();
            },
          },
          `${each.title}${sorted.column === index ? (sorted.down ? ' ▾' : ' ▴') : ''}`,
        ),
      ),
    );
    list.update(shown.length);
  };
  const problem = h('span', { class: 'failed', role: 'status' });
  const attempt = (work: Promise<unknown>) => {
    problem.textContent = '';
    work.catch((error: unknown) => {
      problem.textContent = error instanceof Error ? error.message : String(error);
    });
  };
  const copy = () => {
    const lines = [
      COLUMNS.map(({ title }) => title),
      ...shown.map((layer) => COLUMNS.map((each) => each.text(layer))),
    ];
    const text = lines.map((cells) => cells.join('\t')).join('\n');
    attempt(
      context.host.connected ? context.host.request('copy', { text }) : navigator.clipboard.writeText(text),
    );
  };
  const csv = () => {
    const cell = (text: string) => (/[",\n]|^[=+@]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    return [
      COLUMNS.map(({ title }) => title),
      ...shown.map((layer) => COLUMNS.map((each) => each.text(layer))),
    ]
      .map((cells) => `${cells.map(cell).join(',')}\r\n`)
      .join('');
  };
  draw();
  return {
    element: h(
      'div',
      { class: 'all-layers' },
      h(
        'div',
        { class: 'buttons' },
        h('input', {
          type: 'search',
          placeholder: 'Filter layers',
          'aria-label': 'Filter layers',
          oninput: (event) => {
            filter = (event.target as HTMLInputElement).value;
            draw();
          },
        }),
        h('button', { type: 'button', class: 'quiet', onclick: copy }, 'Copy as table'),
        h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            onclick: () => attempt(saveFile(context, 'csv', `${context.report.model}.layers`, csv())),
          },
          'Save as CSV',
        ),
        problem,
      ),
      h('div', { class: 'table' }, header, list.element),
    ),
    select: (id) => {
      const index = shown.findIndex((layer) => layer.id === id);
      if (index >= 0) list.activate(index);
    },
    refresh: draw,
  };
}

function compare(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}
