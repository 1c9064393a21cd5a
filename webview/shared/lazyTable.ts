import { append, h } from './dom.ts';

/** What a table says, cell by cell; the first cell of a row names it. */
export interface TableText {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A chart as a table, for readers who do not see it; made when it is first opened. */
export function lazyTable(make: () => TableText | Promise<TableText>): HTMLElement {
  const details = h(
    'details',
    { class: 'as-table' },
    h('summary', {}, 'As a table'),
  ) as unknown as HTMLDetailsElement;
  let made = false;
  details.addEventListener('toggle', () => {
    if (!details.open || made) return;
    made = true;
    void Promise.resolve(make()).then(({ caption, columns, rows }) =>
      append(details, [
        h(
          'div',
          { class: 'scrolled', tabindex: 0, role: 'region', 'aria-label': caption },
          h(
            'table',
            {},
            h('caption', {}, caption),
            h('thead', {}, h('tr', {}, ...columns.map((title) => h('th', { scope: 'col' }, title)))),
            h(
              'tbody',
              {},
              ...rows.map(([name = '', ...cells]) =>
                h('tr', {}, h('th', { scope: 'row' }, name), ...cells.map((cell) => h('td', {}, cell))),
              ),
            ),
          ),
        ),
      ]),
    );
  });
  return details;
}
