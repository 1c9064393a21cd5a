import type { GraphLayout, Report, ReportLayer } from '../../src/model/report.ts';
import { h } from '../shared/dom.ts';
import { layerMarks, markIcon } from '../shared/marks.ts';
import { metricWords, valueOf, type Metric } from '../shared/metrics.ts';
import { logScale, SHARE_SCALE } from '../shared/scale.ts';
import { walker } from './graphWalker.ts';

/** The drawing of a graph: one box a layer, filled as far as the metric goes; arrow keys walk along the edges. */
export interface GraphDrawing {
  readonly element: SVGElement;
  /** The box marked now. */
  readonly current: string;
  mark(layer: string): void;
  paint(metric: Metric): void;
  reveal(layer: string): void;
}

/** One layer's box, with what says its metric and the finding it has a part in. */
interface Box {
  readonly element: SVGElement;
  readonly title: SVGElement;
  readonly bar: SVGElement;
  readonly finding: string | undefined;
}

/** Draws a report's layers at their places; `chosen` is called with the layer a person picks. */
export function graphDrawing(
  report: Report,
  layout: GraphLayout,
  chosen: (layer: string) => void,
): GraphDrawing {
  const marks = layerMarks(report);
  const boxes = new Map<string, Box>();
  const step = walker(report);
  let current = Object.keys(layout.nodes)[0] ?? '';
  const mark = (id: string) => {
    boxes.get(current)?.element.setAttribute('tabindex', '-1');
    boxes.get(current)?.element.setAttribute('aria-selected', 'false');
    current = boxes.has(id) ? id : current;
    boxes.get(current)?.element.setAttribute('tabindex', '0');
    boxes.get(current)?.element.setAttribute('aria-selected', 'true');
  };
  const choose = (id: string) => {
    mark(id);
    boxes.get(id)?.element.focus();
    chosen(id);
  };
  const box = ({ id }: ReportLayer): SVGElement | undefined => {
    const place = layout.nodes[id];
    if (place === undefined) return undefined;
    const finding = marks.get(id);
    const title = h('title');
    const { x, y, width, height } = place;
    const bar = h('rect', { x: x + 1, y: y + height - 7, width: 0, height: 6, class: 'amount' });
    const shown = Math.floor((width - 20) / 6.6);
    const name = id.length > shown ? `…${id.slice(1 - shown)}` : id;
    const element = h(
      'g',
      {
        class: `box ${finding?.severity ?? ''}`,
        role: 'option',
        tabindex: -1,
        'data-layer': id,
        onclick: () => choose(id),
      },
      title,
      h('rect', { x, y, width, height, rx: 3, class: 'frame' }),
      bar,
      h('text', { x: x + 6, y: y + 15, class: 'name' }, finding ? `${markIcon(finding)} ${name}` : name),
    );
    boxes.set(id, { element, title, bar, finding: finding?.text });
    return element;
  };
  const element = h(
    'svg',
    {
      class: 'graph',
      viewBox: `0 0 ${Math.max(1, layout.width)} ${Math.max(1, layout.height)}`,
      width: layout.width,
      height: layout.height,
      role: 'listbox',
      'aria-label': `Graph of ${report.model}: ${Object.keys(layout.nodes).length} layers. Arrow keys follow the edges.`,
    },
    h('path', {
      class: 'edges',
      d: layout.edges
        .map((points) => points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join(''))
        .join(''),
    }),
    ...report.layers.map(box),
  );
  element.addEventListener('keydown', (event) => {
    const next = step(current, event.key);
    if (next === undefined || !boxes.has(next)) return;
    event.preventDefault();
    choose(next);
  });
  mark(current);
  return {
    element,
    get current() {
      return current;
    },
    mark,
    paint: (metric) => paint(report, metric, layout, boxes),
    reveal: (id) => boxes.get(id)?.element.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
  };
}

function paint(report: Report, metric: Metric, layout: GraphLayout, boxes: ReadonlyMap<string, Box>): void {
  const number = (layer: ReportLayer) => {
    const { measured, predicted } = valueOf(layer, metric);
    return measured?.mean ?? predicted;
  };
  const known = report.layers.map(number).filter((value) => value !== undefined);
  const scale = metric.scale === 'log' ? logScale(known) : SHARE_SCALE;
  for (const layer of report.layers) {
    const box = boxes.get(layer.id);
    if (box === undefined) continue;
    const value = number(layer);
    const width = (layout.nodes[layer.id]?.width ?? 0) - 2;
    box.bar.setAttribute('width', value === undefined ? '0' : String(scale.position(value) * width));
    const [low, high] = metric.band ?? [0, Infinity];
    const off = value !== undefined && (value < low || value > high);
    box.bar.setAttribute('class', `amount ${off ? 'off' : ''}`);
    const words = `${metric.title} ${metricWords(valueOf(layer, metric), metric)}`;
    box.element.setAttribute('aria-label', `${layer.id}, ${layer.class}, ${words}`);
    box.title.textContent = [`${layer.id} · ${layer.class}`, words, box.finding].filter(Boolean).join('\n');
  }
}
