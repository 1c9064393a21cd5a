import { formatCount, formatNumber, formatShare } from '../../src/report/format.ts';
import type { LayerQuantity, ReportLayer } from '../../src/model/report.ts';
import { append, h } from './dom.ts';
import { layerHistograms } from './histogram.ts';
import type { LayerMark } from './marks.ts';
import type { Parts } from './parts.ts';

interface Row {
  readonly title: string;
  readonly quantity: LayerQuantity;
  readonly format: (value: number) => string;
}

const ROWS: readonly Row[] = [
  { title: 'pre-activation', quantity: 'preActivation', format: formatNumber },
  { title: 'activation', quantity: 'activation', format: formatNumber },
  { title: 'std over data', quantity: 'stdOverData', format: formatNumber },
  { title: 'gradient', quantity: 'gradientNorm', format: formatNumber },
  { title: 'gradient/weight', quantity: 'gradientToWeight', format: formatNumber },
  { title: 'weight', quantity: 'weight', format: formatNumber },
  { title: 'zeros', quantity: 'zeros', format: formatShare },
  { title: 'dead units', quantity: 'dead', format: formatShare },
  { title: 'always on', quantity: 'alwaysOn', format: formatShare },
  { title: 'saturated', quantity: 'saturated', format: formatShare },
  {
    title: 'cosine',
    quantity: 'cosine',
    format: (value) => formatNumber(Math.abs(value) < 1e-6 ? 0 : value),
  },
];

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

/** Scales (rms; the gradient as norm) and shares: measured, predicted, expected of a well-initialized net. Rows of zeros are left out. */
function numbers(layer: ReportLayer): HTMLElement | undefined {
  const rows = ROWS.flatMap(({ title, quantity, format }) => {
    const { [quantity]: measured } = layer.measured;
    const { [quantity]: predicted } = layer.predicted;
    const { [quantity]: expected } = layer.expected;
    const all = [measured?.mean, predicted, expected?.mean].filter((value) => value !== undefined);
    if (all.length === 0 || all.every((value) => value === 0)) return [];
    const interval =
      measured !== undefined && measured.lo !== measured.hi
        ? `${format(measured.lo)} to ${format(measured.hi)} over ${measured.n} seeds`
        : undefined;
    const cell = (value: number | undefined) => (value === undefined ? '–' : format(value));
    return [
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, title),
        h('td', { title: interval, class: 'own' }, cell(measured?.mean)),
        h('td', {}, cell(predicted)),
        h('td', {}, cell(expected?.mean)),
      ),
    ];
  });
  if (rows.length === 0) return undefined;
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
        ...['measured', 'predicted', 'expected'].map((title) => h('th', { scope: 'col' }, title)),
      ),
    ),
    h('tbody', {}, ...rows),
  );
}
