import { formatCount, formatNumber, formatShare } from '../../src/report/format.ts';
import type { LayerQuantity, ReportLayer } from '../../src/model/report.ts';
import { h } from './dom.ts';
import { histogram } from './histogram.ts';
import type { LayerMark } from './marks.ts';

const SCALES: readonly (readonly [string, LayerQuantity])[] = [
  ['pre-activation rms', 'preActivation'],
  ['activation rms', 'activation'],
  ['std over the data', 'stdOverData'],
  ['gradient norm', 'gradientNorm'],
  ['gradient/weight', 'gradientToWeight'],
  ['weight rms', 'weight'],
];

const SHARES: readonly (readonly [string, LayerQuantity])[] = [
  ['zeros', 'zeros'],
  ['dead units', 'dead'],
  ['always-on units', 'alwaysOn'],
  ['saturated', 'saturated'],
];

/** Everything known about one layer: facts, numbers with what is predicted and expected, and its distributions. */
export function layerDetail(layer: ReportLayer, mark: LayerMark | undefined): HTMLElement {
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
  for (const [title, quantity] of SCALES) rows.push(...number(layer, title, quantity, formatNumber));
  for (const [title, quantity] of SHARES) rows.push(...number(layer, title, quantity, formatShare));
  rows.push(...number(layer, 'cosine of inputs', 'cosine', formatNumber));
  const shape = layer.shape.slice(1).map((size) => String(size ?? '?'));
  const what = [layer.class, shape.join('×'), layer.activation].filter(Boolean).join(' · ');
  const { preActivation, activation, gradient, weight } = layer.distributions ?? {};
  const rectified = layer.activation === 'relu' ? 0 : undefined;
  const picture = (title: string, svg: HTMLElement) => h('figure', {}, h('figcaption', {}, title), svg);
  return h(
    'div',
    { class: 'detail' },
    h('p', { class: 'what' }, what),
    mark && h('p', { class: `mark-text ${mark.severity}` }, mark.text),
    layer.unproven !== undefined &&
      h('p', { class: 'what' }, `Held to no framework's own numbers: ${layer.unproven}`),
    layer.notMeasured !== undefined && h('p', { class: 'what' }, `Not measured: ${layer.notMeasured}`),
    h('dl', { class: 'facts' }, ...rows),
    h(
      'div',
      { class: 'pictures' },
      preActivation &&
        picture(
          rectified === undefined ? 'pre-activation' : 'pre-activation (faint: cut by ReLU)',
          histogram(preActivation, 'forward', rectified),
        ),
      activation && !preActivation && picture('activation', histogram(activation, 'forward')),
      activation &&
        preActivation &&
        layer.activation !== undefined &&
        picture('activation', histogram(activation, 'forward')),
      gradient && picture('gradient', histogram(gradient, 'backward')),
      weight && picture('weights', histogram(weight, 'weight')),
    ),
  );
}

function number(
  layer: ReportLayer,
  title: string,
  quantity: LayerQuantity,
  format: (value: number) => string,
): Node[] {
  const measured = layer.measured[quantity];
  const predicted = layer.predicted[quantity];
  const expected = layer.expected[quantity];
  if (measured === undefined && (predicted === undefined || predicted === 0)) return [];
  const rest = [
    predicted !== undefined && `predicted ${format(predicted)}`,
    expected !== undefined && `expected ${format(expected.mean)}`,
  ].filter(Boolean);
  const interval =
    measured !== undefined && measured.lo !== measured.hi
      ? `${format(measured.lo)} to ${format(measured.hi)} over ${measured.n} seeds`
      : '';
  return [
    h('dt', {}, title),
    h(
      'dd',
      { title: interval },
      measured === undefined ? '–' : format(measured.mean),
      rest.length > 0 && h('span', { class: 'dim' }, ` ${rest.join(' · ')}`),
    ),
  ];
}
