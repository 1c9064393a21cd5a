import { fill, h, setVariable } from './dom.ts';

/** A list of equal rows of which only the visible ones exist; one tab stop, arrow keys move, Enter chooses. */
export interface VirtualList {
  readonly element: HTMLElement;
  /** Draws again with another number of rows (data may have changed too). */
  update(count: number): void;
  /** Scrolls a row into view and makes it the active one without moving the focus. */
  activate(index: number): void;
}

/** What a list needs to know; `row` builds the content of one row. */
export interface VirtualListOptions {
  readonly label: string;
  readonly rowHeight: number;
  row(index: number, active: boolean): HTMLElement;
  choose(index: number): void;
}

/** Rows kept above and below the visible part. */
const MARGIN = 6;

/** Builds the list. Rows are `role=option` of a `role=listbox`; the active one is told by `aria-activedescendant`. */
export function virtualList(options: VirtualListOptions): VirtualList {
  const space = h('div', { class: 'vl-space' });
  const element = h('div', { class: 'vl', role: 'listbox', tabindex: 0, 'aria-label': options.label }, space);
  const prefix = `vl${Math.round(options.rowHeight)}-${options.label.replace(/\W+/g, '')}`;
  let count = 0;
  let active = 0;
  let height = 0;
  let drawnFrom = 0;
  /** First row to draw: in steps of the margin, so that most scroll events change nothing. */
  const firstRow = () =>
    Math.max(0, (Math.floor(element.scrollTop / options.rowHeight / MARGIN) - 1) * MARGIN);
  const draw = () => {
    const first = firstRow();
    drawnFrom = first;
    const visible = Math.ceil((height || 600) / options.rowHeight) + 3 * MARGIN;
    const last = Math.min(count, first + visible);
    const rows: HTMLElement[] = [];
    for (let index = first; index < last; index++) {
      const row = options.row(index, index === active);
      row.id = `${prefix}-${index}`;
      row.setAttribute('role', 'option');
      row.setAttribute('aria-selected', String(index === active));
      row.setAttribute('aria-setsize', String(count));
      row.setAttribute('aria-posinset', String(index + 1));
      row.classList.add('vl-row');
      setVariable(row, '--top', `${index * options.rowHeight}px`);
      row.addEventListener('click', () => choose(index));
      rows.push(row);
    }
    setVariable(space, '--height', `${count * options.rowHeight}px`);
    fill(space, ...rows);
    element.setAttribute('aria-activedescendant', count > 0 ? `${prefix}-${active}` : '');
  };
  const reveal = (index: number) => {
    const top = index * options.rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + options.rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + options.rowHeight - element.clientHeight;
  };
  const choose = (index: number) => {
    active = index;
    reveal(index);
    draw();
    options.choose(index);
  };
  const scrolled = () => {
    if (firstRow() !== drawnFrom) draw();
  };
  element.addEventListener('scroll', scrolled, { passive: true });
  element.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(element.clientHeight / options.rowHeight) - 1);
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: count - 1,
    };
    const to = moves[event.key];
    if (to === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (count > 0) choose(Math.min(count - 1, Math.max(0, to ?? active)));
  });
  new ResizeObserver(() => {
    height = element.clientHeight;
    draw();
  }).observe(element);
  return {
    element,
    update: (rows) => {
      count = rows;
      active = Math.min(active, Math.max(0, rows - 1));
      draw();
    },
    activate: (index) => {
      active = index;
      reveal(index);
      draw();
    },
  };
}
