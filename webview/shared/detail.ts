import { formatCount, formatNumber } from '../../src/report/format.ts';
import type { ReportLayer } from '../../src/model/report.ts';
import { append, h } from './dom.ts';
import { layerHistograms } from './histogram.ts';
import { layerNumbers, seedsOf } from './layerNumbers.ts';
import type { LayerMark } from './marks.ts';
import type { Parts } from './parts.ts';

/** Everything known about one layer: facts, numbers with what is predicted and expected, and its distributions. */
export function layerDetail(layer: ReportLayer, mark: LayerMark | undefined, parts: Parts): HTMLElement {
  const fact = (term: string, ...value: (Node | string)[]) => [h('dt', {}, term), h('dd', {}, ...value)];
  const rows: Node[] = [];
  for (const { weight, spelled, fanIn, effectiveFanIn, gain } of layer.initializers) {
    rows.push(...fact(weight, h('code', {}, spelled)));
    if (gain === undefined) continue;
    const fan =
      fanIn === effectiveFanIn
        ? formatCount(fanIn)
        : `${formatCount(fanIn)} (effective ${formatNumber(effectiveFanIn)})`;
    const off = gain.has < gain.needs / 1.5 || gain.has > gain.needs * 1.5;
    rows.push(...fact('fan-in', fan));
    rows.push(
      ...fact(
        'gain has / needs',
        h('span', { class: off ? 'off' : '' }, formatNumber(gain.has)),
        ` / ${formatNumber(gain.needs)}`,
      ),
    );
  }
  const shape = layer.shape.slice(1).map((size) => String(size ?? '?'));
  const what = [layer.class, shape.join('×'), layer.activation].filter(Boolean).join(' · ');
  const pictures = h('div', { class: 'pictures' });
  if (layer.distributions !== undefined)
    void parts.distributions(layer.id).then((found) => {
      if (found !== undefined) append(pictures, layerHistograms(layer, found));
    });
  return h(
    'div',
    { class: 'detail' },
    h('p', { class: 'what' }, what),
    mark && h('p', { class: `mark-text ${mark.severity}` }, mark.text),
    layer.unproven !== undefined &&
      h('p', { class: 'what' }, `Held to no framework's own numbers: ${layer.unproven}`),
    layer.notMeasured !== undefined && h('p', { class: 'what' }, `Not measured: ${layer.notMeasured}`),
    h('dl', { class: 'facts' }, ...rows),
    numbers(layer),
    pictures,
  );
}

/** The numbers as a table, each measured one above its interval; undefined where there is none. */
function numbers(layer: ReportLayer): HTMLElement | undefined {
  const rows = layerNumbers(layer);
  if (rows.length === 0) return undefined;
  const seeds = seedsOf(layer);
  const below = (text: string) => text !== '' && h('span', { class: 'interval' }, text);
  return h(
    'table',
    { class: 'numbers' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('td'),
        h('th', { scope: 'col' }, 'measured ', below(seeds)),
        ...['predicted', 'expected'].map((title) => h('th', { scope: 'col' }, title)),
      ),
    ),
    h(
      'tbody',
      {},
      ...rows.map(({ title, explain, measured, interval, predicted, expected, words }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row', title: explain }, title),
          h('td', { title: words.measured, class: 'own' }, `${measured} `, below(interval)),
          h('td', {}, predicted),
          h('td', { title: words.expected }, expected),
        ),
      ),
    ),
  );
}
