import { formatNumber } from '../../src/report/format.ts';
import { activationKind, parseActivation } from '../../src/model/activations/catalogue.ts';
import type { TensorStats } from '../../src/model/measurement.ts';
import type { LayerDistributions, ReportLayer } from '../../src/model/report.ts';
import { h } from './dom.ts';
import { spectrumChart } from './spectrum.ts';

const [WIDTH, HEIGHT] = [210, 70];

/** What a histogram shows. */
export type HistogramKind = 'forward' | 'backward' | 'weight';

/** The chart in words: range, size, middle. */
export function histogramSummary(stats: TensorStats): string {
  return (
    `from ${formatNumber(stats.min)} to ${formatNumber(stats.max)}, rms ${formatNumber(stats.rms)}, ` +
    `median ${formatNumber(stats.percentiles[2])}`
  );
}

const PERCENTILES = ['p1', 'p5', 'p50', 'p95', 'p99'];

/** The percentiles, each under its name. */
function percentileRow({ percentiles }: TensorStats): HTMLElement {
  return h(
    'dl',
    { class: 'percentiles dim' },
    ...PERCENTILES.map((name, index) =>
      h('div', {}, h('dt', {}, name), h('dd', {}, formatNumber(percentiles[index] ?? NaN, 2))),
    ),
  );
}

/** A histogram as SVG with its axis and a text equivalent; what is `flat` is hatched. `range` is the axis, else the histogram's own. */
export function histogram(
  stats: TensorStats,
  kind: HistogramKind,
  flat: (value: number) => boolean = () => false,
  range?: readonly [number, number],
): HTMLElement {
  const { low, high, counts } = stats.histogram;
  const [from, to] = range ?? [low, high];
  const top = Math.max(1, ...counts);
  const x = (value: number) => Math.min(WIDTH, Math.max(0, ((value - from) / (to - from || 1)) * WIDTH));
  const step = (high - low) / Math.max(1, counts.length);
  const paths = { bar: '', cut: '' };
  counts.forEach((count, index) => {
    if (count === 0) return;
    const [left, right] = [x(low + index * step), x(low + (index + 1) * step)];
    const height = Math.max(0.8, (count / top) * HEIGHT);
    const width = Math.max(0.6, right - left - 0.6);
    const bar = `M${left.toFixed(1)} ${HEIGHT}v${(-height).toFixed(1)}h${width.toFixed(1)}V${HEIGHT}z`;
    paths[flat(low + (index + 0.5) * step) ? 'cut' : 'bar'] += bar;
  });
  const constant = range === undefined && stats.min === stats.max;
  const label = (at: number, anchor: string, value: number) =>
    h(
      'text',
      { x: at, y: HEIGHT + 13, 'text-anchor': anchor, class: 'tick' },
      `${constant ? 'every value is ' : ''}${formatNumber(value, 2)}`,
    );
  const zero = from < 0 && to > 0 ? x(0) : undefined;
  return h(
    'svg',
    {
      class: 'histogram',
      viewBox: `0 0 ${WIDTH} ${HEIGHT + 16}`,
      role: 'img',
      'aria-label': `histogram ${histogramSummary(stats)}`,
    },
    h('path', { d: paths.bar, class: `bar ${kind}` }),
    h('path', { d: paths.cut, class: `bar ${kind} cut` }),
    h('line', { x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT, class: 'grid' }),
    label(0, 'start', from),
    zero !== undefined && zero > 40 && zero < WIDTH - 40 && label(zero, 'middle', 0),
    !constant && label(WIDTH, 'end', to),
  );
}

interface FlatPart {
  readonly words: string;
  readonly test: (value: number) => boolean;
}

/** The part of a pre-activation that the layer's activation flattens: what ReLU cuts, where tanh and sigmoid saturate. */
function flatPart(layer: ReportLayer): FlatPart | undefined {
  if (layer.activation === undefined) return undefined;
  try {
    const parsed = parseActivation(layer.activation);
    const kind = parsed === undefined ? undefined : activationKind(parsed.id);
    if (parsed?.id === 'relu') return { words: 'faint: cut by ReLU', test: (z) => z < 0 };
    const { flat, value } = kind ?? {};
    if (parsed === undefined || flat === undefined || value === undefined) return undefined;
    const tested = (z: number) => (flat.on === 'pre' ? z : value(z, parsed.params));
    return {
      words: `faint: ${layer.activation} is flat`,
      test: (z) => tested(z) < flat.low || tested(z) > flat.high,
    };
  } catch {
    return undefined;
  }
}

/** Whether any value lies in the flat part. */
function touches(stats: TensorStats | undefined, { test }: FlatPart): boolean {
  const { low, high, counts } = stats?.histogram ?? { low: 0, high: 0, counts: [] };
  return counts.some(
    (count, index) => count > 0 && test(low + ((index + 0.5) / counts.length) * (high - low)),
  );
}

/** One axis for each kind of histogram, and for singular values. */
export type SharedRanges = Readonly<Record<HistogramKind | 'singular', readonly [number, number]>>;

/** The histograms of a layer, each with its title. */
export function layerHistograms(
  layer: ReportLayer,
  { preActivation, activation, gradient, weight, singular }: LayerDistributions,
  ranges?: SharedRanges,
): HTMLElement[] {
  const flat = preActivation === undefined ? undefined : flatPart(layer);
  const figure = (
    title: string,
    stats: TensorStats | undefined,
    kind: HistogramKind,
    test?: FlatPart['test'],
  ) =>
    stats === undefined
      ? []
      : [
          h(
            'figure',
            {},
            h('figcaption', {}, title),
            histogram(stats, kind, test, ranges?.[kind]),
            stats.min !== stats.max && percentileRow(stats),
          ),
        ];
  const shown = preActivation === undefined || layer.activation !== undefined;
  return [
    ...figure(
      flat === undefined || !touches(preActivation, flat)
        ? 'pre-activation'
        : `pre-activation, ${flat.words}`,
      preActivation,
      'forward',
      flat?.test,
    ),
    ...figure('activation', shown ? activation : undefined, 'forward'),
    ...figure('gradient', gradient, 'backward'),
    ...figure('weights', weight, 'weight'),
    ...(singular === undefined
      ? []
      : [
          h(
            'figure',
            {},
            h('figcaption', {}, 'singular values by rank'),
            spectrumChart(singular, ranges?.singular[1]),
          ),
        ]),
  ];
}
