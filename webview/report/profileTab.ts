import { h, fill } from '../shared/dom.ts';
import { layerDetail } from '../shared/detail.ts';
import { layerMarks } from '../shared/marks.ts';
import { shownLayers } from '../shared/metrics.ts';
import { findingList } from './findingsTab.ts';
import { profileChart } from './profileChart.ts';
import type { Tab, TabContext } from './reportView.ts';
import { profileTable } from './profileTable.ts';
import { saveFile } from './saveFile.ts';
import { strips } from './strips.ts';

const LEGEND: readonly (readonly [string, string])[] = [
  ['forward', 'signal rms'],
  ['backward', 'gradient norm'],
  ['predicted', 'predicted'],
  ['good', 'well initialized'],
  ['band', 'healthy for signals'],
];

/** Profile, strips, the selected layer's details and the findings under them. */
export function profileTab(context: TabContext): Tab {
  const layers = shownLayers(context.report);
  const marks = layerMarks(context.report);
  const detail = h('aside', { class: 'card', 'aria-live': 'polite', 'aria-label': 'selected layer' });
  const choose = (index: number) => {
    const layer = layers[index];
    if (layer !== undefined) context.choose(layer.id);
  };
  const rows = strips(layers, marks, choose);
  const chart = profileChart(context.report, layers, choose, () => {
    const { left, right } = chart.area();
    rows.align(left, right);
  });
  const select = (id: string) => {
    const index = layers.findIndex((layer) => layer.id === id);
    const layer = layers[index];
    chart.select(index);
    rows.select(index);
    fill(detail, layer && h('h3', {}, layer.id), layer && layerDetail(layer, marks.get(layer.id)));
  };
  const element = h(
    'div',
    { class: 'profile-tab' },
    h(
      'div',
      { class: 'profile-column' },
      h(
        'p',
        { class: 'legend', 'aria-hidden': 'true' },
        ...LEGEND.map(([id, title]) => h('span', { class: `key ${id}` }, title)),
      ),
      h('div', { class: layers.length > 80 ? 'wide' : '' }, chart.element, rows.element),
      h(
        'p',
        { class: 'dim note' },
        'Shaded: interval over seeds. Green tick: what a well-initialized net of this shape has (dead units at depth are normal).',
      ),
      h(
        'div',
        { class: 'buttons' },
        h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            onclick: () => saveFile(context, 'png', `${context.report.model}.profile`, chart.image()),
          },
          'Save picture',
        ),
      ),
      profileTable(layers),
      findingList(context),
    ),
    detail,
  );
  const first = context.report.findings[0]?.layer ?? layers[0]?.id;
  if (first !== undefined) select(first);
  return { element, select, refresh: chart.refresh, destroy: chart.destroy };
}
