import type { ReportLayer } from '../../src/model/report.ts';
import { fill, h, setVariable } from '../shared/dom.ts';
import { blocksOf, type Block } from './blocks.ts';

/** Models with more layers than this are looked at in pieces. */
export const DEEP = 60;

/** Fewer layers than this are not zoomed into further. */
const LEAST = 8;

/** The layers shown now: [from, to). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The part of a deep model that the profile shows. */
export interface Zoom {
  readonly controls: HTMLElement;
  /** The blocks of what is shown, on the columns of the chart; each zooms into itself. */
  readonly blocks: HTMLElement;
  readonly range: Range;
  /** Moves the part so that a layer lies in it; nothing when it does. */
  reveal(index: number): void;
  align(left: number, right: number): void;
}

/** Zoom, pan and blocks of a deep model. `changed` is called with what is shown from then on. */
export function zoomOf(layers: readonly ReportLayer[], changed: () => void): Zoom {
  const all: Range = { from: 0, to: layers.length };
  let range = all;
  const blocks = blocksOf(layers);
  const where = h('span', { class: 'dim', role: 'status' });
  const strip = h('div', {
    class: 'blocks',
    role: 'group',
    'aria-label': 'blocks: choose one to look at it alone',
  });
  const set = (from: number, count: number) => {
    const size = Math.min(layers.length, Math.max(LEAST, Math.round(count)));
    const start = Math.min(layers.length - size, Math.max(0, Math.round(from)));
    range = { from: start, to: start + size };
    draw();
    changed();
  };
  const zoom = (factor: number) => {
    const size = range.to - range.from;
    set(range.from + (size - size * factor) / 2, size * factor);
  };
  const pan = (share: number) => {
    const size = range.to - range.from;
    set(range.from + share * size, size);
  };
  const button = (text: string, label: string, act: () => void) =>
    h('button', { type: 'button', class: 'quiet', 'aria-label': label, title: label, onclick: act }, text);
  const seen = (block: Block): Block | undefined => {
    const [from, to] = [Math.max(block.from, range.from), Math.min(block.to, range.to)];
    return from < to ? { ...block, from, to } : undefined;
  };
  const draw = () => {
    const size = range.to - range.from;
    where.textContent =
      size === layers.length
        ? `all ${layers.length} layers`
        : `${size} of ${layers.length} layers, from ${layers[range.from]?.id ?? ''} to ${layers[range.to - 1]?.id ?? ''}`;
    const shown = blocks.map(seen).filter((block) => block !== undefined);
    fill(
      strip,
      ...shown.map((block) => {
        const whole = blocks.find(({ title, to }) => title === block.title && to >= block.to) ?? block;
        const element = h(
          'button',
          {
            type: 'button',
            class: 'block',
            title: `${block.title}: ${whole.to - whole.from} layers`,
            onclick: () => set(whole.from, whole.to - whole.from),
          },
          block.title,
        );
        setVariable(element, '--from', String((block.from - range.from) / size));
        setVariable(element, '--share', String((block.to - block.from) / size));
        return element;
      }),
    );
  };
  draw();
  return {
    controls: h(
      'div',
      { class: 'buttons zoom' },
      button('−', 'zoom out', () => zoom(2)),
      button('+', 'zoom in', () => zoom(0.5)),
      button('◂', 'earlier layers', () => pan(-0.5)),
      button('▸', 'later layers', () => pan(0.5)),
      button('All', 'show all layers', () => set(0, layers.length)),
      where,
    ),
    blocks: strip,
    get range() {
      return range;
    },
    reveal: (index) => {
      if (index >= range.from && index < range.to) return;
      const size = range.to - range.from;
      set(index - size / 2, size);
    },
    align: (left, right) => {
      setVariable(strip, '--left', `${left}px`);
      setVariable(strip, '--width', `${right - left}px`);
    },
  };
}
