import { fill, h } from '../shared/dom.ts';

/** What a table of ranked starts is called, and its columns; the first is the rank, the second the name. */
export interface RankedFrame {
  readonly label: string;
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly align?: 'left' | 'right' }[];
}

/** One start: its cells in the order of the columns. `choose` makes its name a button. */
export interface RankedRow {
  readonly cells: readonly string[];
  readonly ofFile: boolean;
  readonly chosen?: boolean;
  choose?(): void;
}

/** A table of ranked starts whose rows can be drawn again; the button that has the focus keeps it. */
export interface RankedTable {
  readonly element: HTMLElement;
  draw(rows: readonly RankedRow[]): void;
}

/** `0.5 [0.4, 0.6]` with the interval on a line of its own. */
function withInterval(cell: string): (string | Element)[] {
  const at = cell.indexOf(' [');
  return at < 0 ? [cell] : [cell.slice(0, at), h('span', { class: 'interval dim' }, cell.slice(at))];
}

/** Builds it without rows. */
export function rankedTable({ label, caption, columns }: RankedFrame): RankedTable {
  const body = h('tbody');
  const isNumber = (index: number) => (columns[index]?.align === 'right' ? 'number' : '');
  const name = ({ chosen, choose }: RankedRow, title: string) =>
    choose === undefined
      ? title
      : h(
          'button',
          { type: 'button', class: 'link', 'aria-pressed': String(chosen === true), onclick: choose },
          title,
        );
  const row = (each: RankedRow) =>
    h(
      'tr',
      { class: `${each.chosen === true ? 'on' : ''} ${each.ofFile ? 'of-file' : ''}` },
      ...each.cells.map((cell, index) =>
        index === 1
          ? h('th', { scope: 'row' }, name(each, cell))
          : h('td', { class: index === 0 ? 'number' : isNumber(index) }, ...withInterval(cell)),
      ),
    );
  return {
    element: h(
      'div',
      { class: 'scrolled', tabindex: 0, role: 'region', 'aria-label': label },
      h(
        'table',
        { class: 'ranked' },
        h('caption', {}, caption),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...columns.map(({ title }, index) =>
              h('th', { scope: 'col', class: isNumber(index) }, title === '' ? '#' : title),
            ),
          ),
        ),
        body,
      ),
    ),
    draw: (rows) => {
      const buttons = () => Array.from(body.querySelectorAll<HTMLElement>('button'));
      const focused = buttons().findIndex((button) => button === document.activeElement);
      fill(body, ...rows.map(row));
      buttons()[focused]?.focus();
    },
  };
}
