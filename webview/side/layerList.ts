import type { Report, ReportLayer } from '../../src/model/report.ts';
import { bar } from '../shared/bar.ts';
import { layerDetail } from '../shared/detail.ts';
import { fill, h } from '../shared/dom.ts';
import type { Host } from '../shared/host.ts';
import { layerMarks, markIcon, type LayerMark } from '../shared/marks.ts';
import { metricPicker } from '../shared/metricPicker.ts';
import { formatMetric, metricOfFindings, metricWords, shownLayers, valueOf } from '../shared/metrics.ts';
import type { Parts } from '../shared/parts.ts';
import { logScale, SHARE_SCALE, type Scale } from '../shared/scale.ts';
import { virtualList } from '../shared/virtualList.ts';

const ROW = 22;

/** The list of layers with its metric picker and the details of the chosen one. */
export interface LayerList {
  readonly element: HTMLElement;
  show(report: Report, parts: Parts): void;
  /** Chooses a layer without telling the editor (it told us). */
  select(layer: string): void;
}

/** Builds the list; `chosen` is called when a person picks a layer. */
export function layerList(host: Host, chosen: (layer: string) => void): LayerList {
  let layers: readonly ReportLayer[] = [];
  let marks: ReadonlyMap<string, LayerMark> = new Map();
  let parts: Parts | undefined;
  let scale: Scale = SHARE_SCALE;
  const detail = h('div', { class: 'detail-box', 'aria-live': 'polite' });
  const describe = (layer: ReportLayer | undefined) => {
    fill(
      detail,
      layer && h('h3', {}, layer.id),
      layer && parts && layerDetail(layer, marks.get(layer.id), parts),
    );
  };
  const list = virtualList({
    label: 'Layers',
    rowHeight: ROW,
    row: (index) => {
      const layer = layers[index];
      if (layer === undefined) return h('div');
      const { metric } = picker;
      const value = valueOf(layer, metric);
      const mark = marks.get(layer.id);
      const number =
        value.measured ?? (value.predicted === undefined ? undefined : { mean: value.predicted });
      const text = number === undefined ? '–' : formatMetric(number.mean, metric);
      return h(
        'div',
        {
          class: `layer ${mark?.cause === true ? 'cause' : ''}`,
          title: mark?.text,
        },
        h(
          'span',
          {
            class: `icon ${mark?.severity ?? ''}`,
            'aria-hidden': 'true',
          },
          mark === undefined ? '·' : markIcon(mark),
        ),
        h('span', { class: 'name', title: layer.id }, h('bdi', { dir: 'ltr' }, layer.id)),
        bar(value, metric, scale),
        h('span', { class: 'value', title: `${metric.title}: ${metricWords(value, metric)}` }, text),
      );
    },
    choose: (index) => {
      const layer = layers[index];
      if (layer === undefined) return;
      host.saveState({ layer: layer.id });
      describe(layer);
      chosen(layer.id);
    },
  });
  const picker = metricPicker(host, () => draw());
  const draw = () => {
    const { metric } = picker;
    const values = layers.flatMap((layer) => {
      const { measured, expected, predicted } = valueOf(layer, metric);
      return [measured?.mean, expected?.mean, predicted].filter((value) => value !== undefined);
    });
    scale = metric.scale === 'log' ? logScale(values) : SHARE_SCALE;
    list.update(layers.length);
  };
  return {
    element: h('section', { 'aria-label': 'Layers' }, picker.element, list.element, detail),
    show: (report, own) => {
      parts = own;
      layers = shownLayers(report);
      marks = layerMarks(report);
      picker.suggest(metricOfFindings(report));
      draw();
      const index = layers.findIndex((layer) => layer.id === host.state['layer']);
      if (index >= 0) list.activate(index);
      describe(layers[index]);
    },
    select: (id) => {
      host.saveState({ layer: id });
      const index = layers.findIndex((layer) => layer.id === id);
      if (index < 0) return;
      list.activate(index);
      describe(layers[index]);
    },
  };
}
