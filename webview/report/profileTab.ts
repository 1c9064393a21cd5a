import type { Advice } from '../../src/model/finding.ts';
import { fill, h } from '../shared/dom.ts';
import { layerDetail } from '../shared/detail.ts';
import { layerMarks } from '../shared/marks.ts';
import { shownLayers } from '../shared/metrics.ts';
import { pictureButton } from './chartTools.ts';
import { findingList } from './findingsTab.ts';
import { profileChart, type ProfileChart } from './profileChart.ts';
import { profileEnds } from './profileEnds.ts';
import { profileTable } from './profileTable.ts';
import { firstRepaired, repairOf, type Repair } from './repair.ts';
import { steppedIndex } from './steppedIndex.ts';
import { strips, type Strips } from './strips.ts';
import type { Tab, TabContext } from './tab.ts';
import { DEEP, zoomOf } from './zoom.ts';

const LEGEND: readonly (readonly [string, string])[] = [
  ['forward', 'signal rms'],
  ['backward', 'gradient norm'],
  ['predicted', 'predicted'],
  ['good', 'signal, well initialized'],
  ['good-gradient', 'gradient, well initialized'],
  ['band', 'healthy for signals'],
];

/** Profile, strips, the selected layer's details and the findings under them. Deep models are looked at in pieces. */
export function profileTab(context: TabContext): Tab {
  const layers = shownLayers(context.report);
  const marks = layerMarks(context.report);
  const detail = h('aside', { class: 'card', 'aria-live': 'polite', 'aria-label': 'selected layer' });
  const place = h('div', {
    class: 'profile-place',
    role: 'group',
    tabindex: 0,
    'aria-label': 'profile: the left and right arrow keys choose a layer',
  });
  place.addEventListener('keydown', (event) => {
    const next = layers[steppedIndex(event.key, selected, layers.length)];
    if (next === undefined || event.target !== place) return;
    event.preventDefault();
    context.choose(next.id);
  });
  let chart: ProfileChart | undefined;
  let rows: Strips | undefined;
  let selected = -1;
  let repair: Repair | undefined;
  const repairKey = h('span', { class: 'key repaired' });
  const zoom = layers.length > DEEP ? zoomOf(layers, () => draw()) : undefined;
  const draw = () => {
    chart?.destroy();
    const from = zoom?.range.from ?? 0;
    const shown = layers.slice(from, zoom?.range.to);
    const choose = (index: number) => {
      const layer = shown[index];
      if (layer !== undefined) context.choose(layer.id);
    };
    const made = strips(shown, marks, { choose, hovered: (index) => drawn.hover(index) });
    const drawn = profileChart(context.report, shown, {
      choose,
      hovered: made.hover,
      laidOut: () => {
        const { left, right } = drawn.area();
        made.align(left, right);
        zoom?.align(left, right);
      },
    });
    [chart, rows] = [drawn, made];
    fill(place, drawn.element, zoom?.blocks, made.element);
    if (repair !== undefined) drawn.repair(repair);
    mark();
  };
  const mark = () => {
    const column = selected < 0 ? -1 : selected - (zoom?.range.from ?? 0);
    chart?.select(column);
    rows?.select(column);
  };
  const select = (id: string) => {
    selected = layers.findIndex((layer) => layer.id === id);
    const layer = layers[selected];
    if (selected >= 0) zoom?.reveal(selected);
    mark();
    findings.select(id);
    fill(
      detail,
      layer && h('h2', {}, layer.id),
      layer && layerDetail(layer, marks.get(layer.id), context.parts),
    );
  };
  const preview = (advice: Advice | undefined) => {
    repair = advice === undefined ? undefined : repairOf(context.report, advice);
    repairKey.hidden = repair === undefined;
    repairKey.textContent = `with “${repair?.advice.title ?? ''}” (dashed: gradient)`;
    chart?.repair(repair);
    element.querySelectorAll('button.preview').forEach((button) => {
      const on = repair !== undefined && button.getAttribute('data-repair') === String(repair.advice.repair);
      button.setAttribute('aria-pressed', String(on));
    });
  };
  const findings = findingList({
    ...context,
    preview: (advice) => {
      preview(advice.repair === repair?.advice.repair ? undefined : advice);
      place.scrollIntoView({ block: 'nearest' });
    },
  });
  draw();
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
        repairKey,
      ),
      zoom?.controls,
      place,
      ...profileEnds(layers).map((end) => h('p', { class: 'note' }, end)),
      h(
        'p',
        { class: 'dim note' },
        'Shaded: interval over seeds. Green: what a well-initialized net of this shape has (dead units at depth are normal).',
      ),
      h(
        'div',
        { class: 'buttons' },
        pictureButton(context, 'profile', () => chart?.image() ?? ''),
      ),
      profileTable(layers),
      findings.element,
    ),
    detail,
  );
  preview(firstRepaired(context.report));
  return {
    element,
    select,
    preview,
    refresh: () => chart?.refresh(),
    destroy: () => chart?.destroy(),
  };
}
