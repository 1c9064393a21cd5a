import type { ReportLayer } from '../../src/model/report.ts';
import { fill, h, setVariable } from '../shared/dom.ts';
import { layerMarks, markIcon } from '../shared/marks.ts';
import { virtualList } from '../shared/virtualList.ts';
import type { Tab, TabContext } from './tab.ts';
import { COLUMNS, columnWidths, layersCsv, told } from './layerColumns.ts';
import { saveFile } from './saveFile.ts';

/** Every layer, sortable by any column, filterable, virtualised, copyable as tab-separated text. */
export function allLayers(context: TabContext): Tab {
  const marks = layerMarks(context.report);
  let shown: readonly ReportLayer[] = context.report.layers;
  let sorted = { column: -1, down: false };
  let filter = '';
  const columns = COLUMNS.filter((column) => told(column, context.report.layers));
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
        ...columns.map((column) => {
          const text = column.text(layer);
          return h('span', { title: column.full?.(layer) ?? text, class: column.number && 'number' }, text);
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
      columns.some((column) => column.text(layer).toLowerCase().includes(words)),
    );
    const column = columns[sorted.column];
    shown = column === undefined ? kept : kept.toSorted((a, b) => compare(column.key(a), column.key(b)));
    if (sorted.down) shown = shown.toReversed();
    fill(
      header,
      h('span'),
      ...columns.map((each, index) =>
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
      ...shown.map((layer) => COLUMNS.map((each) => each.full?.(layer) ?? each.text(layer))),
    ];
    const text = lines.map((cells) => cells.join('\t')).join('\n');
    attempt(
      context.host.connected ? context.host.request('copy', { text }) : navigator.clipboard.writeText(text),
    );
  };
  draw();
  const table = h('div', { class: 'table' }, header, list.element);
  const { tracks, least } = columnWidths(columns, context.report.layers);
  setVariable(table, '--tracks', tracks);
  setVariable(table, '--least', `${least}ch`);
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
            onclick: () =>
              attempt(saveFile(context, 'csv', `${context.report.model}.layers`, layersCsv(shown))),
          },
          'Save as CSV',
        ),
        h(
          'span',
          { class: 'dim' },
          'A number’s interval over seeds: rest the pointer on it; copies have it.',
        ),
        problem,
      ),
      table,
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
