import type { GraphLayout, Report, ReportLayer } from '../../src/model/report.ts';
import { layerDetail } from '../shared/detail.ts';
import { fill, h, setVariable } from '../shared/dom.ts';
import { layerMarks, markIcon } from '../shared/marks.ts';
import { formatMetric, METRICS, metricOf, valueOf, type Metric } from '../shared/metrics.ts';
import { logScale, SHARE_SCALE } from '../shared/scale.ts';
import type { Tab, TabContext } from './reportView.ts';

/** The model as a layered drawing: one box a layer, filled as far as the metric goes; arrow keys walk along the edges. */
export function graphTab(context: TabContext, layout: GraphLayout): Tab {
  const { report } = context;
  const layers = new Map(report.layers.map((layer) => [layer.id, layer]));
  const marks = layerMarks(report);
  const boxes = new Map<string, SVGElement>();
  const fills = new Map<string, { readonly bar: SVGElement }>();
  const detail = h('aside', { class: 'card', 'aria-live': 'polite', 'aria-label': 'selected layer' });
  let metric = metricOf(context.host.state['metric']);
  let current = Object.keys(layout.nodes)[0] ?? '';
  const step = walker(report);
  const choose = (id: string, focus: boolean) => {
    mark(id);
    if (focus) boxes.get(id)?.focus();
    context.choose(id);
  };
  const box = (id: string): SVGElement | undefined => {
    const place = layout.nodes[id];
    const layer = layers.get(id);
    if (place === undefined || layer === undefined) return undefined;
    const finding = marks.get(id);
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
        onclick: () => choose(id, true),
      },
      h('title', {}, `${id} · ${layer.class}${finding === undefined ? '' : `: ${finding.text}`}`),
      h('rect', { x, y, width, height, rx: 3, class: 'frame' }),
      bar,
      h('text', { x: x + 6, y: y + 15, class: 'name' }, finding ? `${markIcon(finding)} ${name}` : name),
    );
    fills.set(id, { bar });
    boxes.set(id, element);
    return element;
  };
  const drawing = h(
    'svg',
    {
      class: 'graph',
      viewBox: `0 0 ${Math.max(1, layout.width)} ${Math.max(1, layout.height)}`,
      role: 'listbox',
      'aria-label': `Graph of ${report.model}: ${Object.keys(layout.nodes).length} layers. Arrow keys follow the edges.`,
    },
    h('path', {
      class: 'edges',
      d: layout.edges
        .map((points) => points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join(''))
        .join(''),
    }),
    ...report.layers.map(({ id }) => box(id)),
  );
  drawing.setAttribute('width', String(layout.width));
  drawing.setAttribute('height', String(layout.height));
  drawing.addEventListener('keydown', (event) => {
    const next = step(current, event.key);
    if (next === undefined || !boxes.has(next)) return;
    event.preventDefault();
    choose(next, true);
  });
  const mark = (id: string) => {
    boxes.get(current)?.setAttribute('tabindex', '-1');
    boxes.get(current)?.setAttribute('aria-selected', 'false');
    current = boxes.has(id) ? id : current;
    boxes.get(current)?.setAttribute('tabindex', '0');
    boxes.get(current)?.setAttribute('aria-selected', 'true');
    const layer = layers.get(current);
    fill(detail, layer && h('h3', {}, layer.id), layer && layerDetail(layer, marks.get(layer.id)));
  };
  const picker = h('div', { class: 'picker', role: 'radiogroup', 'aria-label': 'metric' });
  const colour = () => {
    paint(report, metric, layout, fills, boxes);
    fill(
      picker,
      ...METRICS.map((each) =>
        h(
          'button',
          {
            type: 'button',
            role: 'radio',
            class: 'tab',
            'aria-checked': String(each === metric),
            title: each.explain,
            onclick: () => {
              metric = each;
              context.host.saveState({ metric: each.id });
              colour();
            },
          },
          each.title,
        ),
      ),
    );
  };
  colour();
  mark(current);
  const canvas = h('div', { class: 'graph-canvas' }, drawing);
  setVariable(canvas, '--graph-width', `${layout.width}px`);
  return {
    element: h('div', { class: 'profile-tab' }, h('div', {}, picker, canvas), detail),
    select: (id) => {
      mark(id);
      boxes.get(id)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    },
  };
}

function paint(
  report: Report,
  metric: Metric,
  layout: GraphLayout,
  fills: ReadonlyMap<string, { readonly bar: SVGElement }>,
  boxes: ReadonlyMap<string, SVGElement>,
): void {
  const number = (layer: ReportLayer) => {
    const { measured, predicted } = valueOf(layer, metric);
    return measured?.mean ?? predicted;
  };
  const known = report.layers.map(number).filter((value) => value !== undefined);
  const scale = metric.scale === 'log' ? logScale(known) : SHARE_SCALE;
  for (const layer of report.layers) {
    const value = number(layer);
    const width = (layout.nodes[layer.id]?.width ?? 0) - 2;
    const part = fills.get(layer.id);
    part?.bar.setAttribute('width', value === undefined ? '0' : String(scale.position(value) * width));
    const [low, high] = metric.band ?? [0, Infinity];
    const off = value !== undefined && (value < low || value > high);
    part?.bar.setAttribute('class', `amount ${off ? 'off' : ''}`);
    boxes
      .get(layer.id)
      ?.setAttribute(
        'aria-label',
        `${layer.id}, ${layer.class}, ${metric.title} ${value === undefined ? 'not measured' : formatMetric(value, metric)}`,
      );
  }
}

function walker({ edges, layers }: Report): (from: string, key: string) => string | undefined {
  const order = layers.map(({ id }) => id);
  return (from, key) => {
    const beside = (offset: number) => order[order.indexOf(from) + offset];
    switch (key) {
      case 'ArrowDown':
        return edges.find((edge) => edge.from === from)?.to;
      case 'ArrowUp':
        return edges.find((edge) => edge.to === from)?.from;
      case 'ArrowRight':
        return beside(1);
      case 'ArrowLeft':
        return beside(-1);
      case 'Home':
        return order[0];
      case 'End':
        return order.at(-1);
      default:
        return undefined;
    }
  };
}
