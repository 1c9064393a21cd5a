import type { GraphLayout } from '../../src/model/report.ts';
import { layerDetail } from '../shared/detail.ts';
import { fill, h } from '../shared/dom.ts';
import { lazyTable } from '../shared/lazyTable.ts';
import { layerMarks } from '../shared/marks.ts';
import { metricOfFindings } from '../shared/metrics.ts';
import { metricPicker } from '../shared/metricPicker.ts';
import { drawingButton } from './chartTools.ts';
import { graphDrawing, type GraphDrawing } from './graphDrawing.ts';
import type { Tab, TabContext } from './tab.ts';

/** The model as a layered drawing, coloured by the chosen metric; fetched when the section is first opened. */
export function graphTab(context: TabContext): Tab {
  const { report } = context;
  const layers = new Map(report.layers.map((layer) => [layer.id, layer]));
  const marks = layerMarks(report);
  const canvas = h('div', { class: 'graph-canvas' }, h('p', { role: 'status' }, 'Drawing…'));
  const tools = h('div', { class: 'buttons' });
  const detail = h('aside', { class: 'card', 'aria-live': 'polite', 'aria-label': 'selected layer' });
  let drawing: GraphDrawing | undefined;
  let wanted: string | undefined;
  const picker = metricPicker(context.host, (metric) => drawing?.paint(metric));
  const describe = () => {
    const layer = layers.get(drawing?.current ?? wanted ?? '');
    fill(
      detail,
      layer && h('h2', {}, layer.id),
      layer && layerDetail(layer, marks.get(layer.id), context.parts),
    );
  };
  const show = (layout: GraphLayout | undefined) => {
    if (layout === undefined) {
      fill(canvas, h('p', { class: 'dim' }, 'There is no drawing of this model.'));
      return;
    }
    const made = graphDrawing(report, layout, (id) => {
      describe();
      context.choose(id);
    });
    drawing = made;
    if (wanted !== undefined) made.mark(wanted);
    picker.suggest(metricOfFindings(report));
    made.paint(picker.metric);
    fill(canvas, made.element);
    fill(tools, drawingButton(context, 'graph', made.element));
    describe();
  };
  void context.parts.graph().then(show);
  const sources = () => {
    const from = new Map<string, string[]>();
    for (const edge of report.edges) from.set(edge.to, [...(from.get(edge.to) ?? []), edge.from]);
    return {
      caption: 'what each layer takes',
      columns: ['layer', 'class', 'takes from'],
      rows: report.layers.map((layer) => [layer.id, layer.class, (from.get(layer.id) ?? []).join(', ')]),
    };
  };
  return {
    element: h(
      'div',
      { class: 'profile-tab' },
      h('div', {}, picker.element, canvas, tools, lazyTable(sources)),
      detail,
    ),
    select: (id, picked) => {
      wanted = id;
      drawing?.mark(id);
      if (picked) drawing?.reveal(id);
      describe();
    },
  };
}
