import { signalQuantity } from '../../src/model/layerSignal.ts';
import { formatInUnit, formatMeasured, overSeeds } from '../../src/report/format.ts';
import type { LayerQuantity, Measured, Report, ReportLayer } from '../../src/model/report.ts';

/** One quantity a view can show per layer, and how it is drawn. */
export interface Metric {
  readonly id: 'signal' | 'gradient' | 'dead' | 'saturated' | 'zeros' | 'gradientToWeight';
  readonly title: string;
  readonly scale: 'log' | 'share';
  /** What is shown of a layer; `signal` is the size of what it passes on. */
  readonly quantity: LayerQuantity | 'signal';
  /** Healthy band in the metric's own unit; undefined where health depends on the twin alone. */
  readonly band?: readonly [number, number];
  readonly explain: string;
}

/** Every metric, in the order of the picker. */
export const METRICS: readonly Metric[] = [
  {
    id: 'signal',
    title: 'Signal',
    scale: 'log',
    quantity: 'signal',
    band: [0.1, 10],
    explain: 'rms of what the layer computes, before its activation',
  },
  {
    id: 'gradient',
    title: 'Gradient',
    scale: 'log',
    quantity: 'gradientNorm',
    explain: 'norm of the loss gradient at the layer, per sample',
  },
  {
    id: 'dead',
    title: 'Dead',
    scale: 'share',
    quantity: 'dead',
    explain: 'share of units that are 0 for every input',
  },
  {
    id: 'saturated',
    title: 'Saturated',
    scale: 'share',
    quantity: 'saturated',
    explain: 'share of values in the flat part of the activation',
  },
  {
    id: 'zeros',
    title: 'Zeros',
    scale: 'share',
    quantity: 'zeros',
    explain: 'share of values that are exactly 0',
  },
  {
    id: 'gradientToWeight',
    title: '∇/W',
    scale: 'log',
    quantity: 'gradientToWeight',
    explain: 'rms of the weight gradient relative to the weights',
  },
];

/** The metric of that id; Signal when there is none. */
export function metricOf(id: unknown): Metric {
  return METRICS.find((metric) => metric.id === id) ?? (METRICS[0] as Metric);
}

/** Rules that another metric than Signal shows. */
const METRIC_OF_RULE: Readonly<Record<string, Metric['id']>> = {
  'vanishing-gradient': 'gradient',
  'exploding-gradient': 'gradient',
  'recurrent-scale': 'gradient',
  'dead-relu': 'dead',
  'saturated-activation': 'saturated',
};

/** The metric that shows what the gravest finding is about; Signal when there is none. */
export function metricOfFindings({ findings }: Report): Metric {
  const grave = findings.find(({ severity }) => severity === 'error' || severity === 'warning');
  return metricOf(METRIC_OF_RULE[grave?.rule ?? '']);
}

/** A layer's value of a metric: measured, the twin's, and theory's, where they exist. */
export interface MetricValue {
  readonly measured?: Measured;
  readonly expected?: Measured;
  readonly predicted?: number;
}

/** Looks the metric up in a layer; the same quantity answers all three. */
export function valueOf(layer: ReportLayer, metric: Metric): MetricValue {
  const quantity = metric.quantity === 'signal' ? signalQuantity(layer) : metric.quantity;
  const [measured, expected, predicted] = [
    layer.measured[quantity],
    layer.expected[quantity],
    layer.predicted[quantity],
  ];
  return {
    ...(measured === undefined ? {} : { measured }),
    ...(expected === undefined ? {} : { expected }),
    ...(predicted === undefined ? {} : { predicted }),
  };
}

/** The unit of a metric's numbers, as the formatters take it. */
export function unitOf({ scale }: Metric): string {
  return scale === 'share' ? 'share' : '';
}

/** The number as a person reads it. */
export function formatMetric(value: number, metric: Metric): string {
  return formatInUnit(value, unitOf(metric));
}

/** All that is known of a layer's metric: `measured 0.42 [0.4, 0.45] over 5 seeds, expected …, predicted …`. */
export function metricWords({ measured, expected, predicted }: MetricValue, metric: Metric): string {
  const unit = unitOf(metric);
  const words = [
    measured && `measured ${formatMeasured(measured, unit)} ${overSeeds(measured)}`,
    expected && `expected ${formatMeasured(expected, unit)}`,
    predicted !== undefined && `predicted ${formatMetric(predicted, metric)}`,
  ].filter(Boolean);
  return words.length > 0 ? words.join(', ') : 'not measured';
}

/** Layers that carry numbers of their own: those the views list. */
export function shownLayers(report: Report): readonly ReportLayer[] {
  const silent = new Set(['input', 'flatten', 'dropout', 'reshape', 'permute']);
  const spoken = report.layers.filter((layer) => !silent.has(layer.kind));
  return spoken.length > 0 ? spoken : report.layers;
}

const inUnits = new WeakMap<Report, Report>();

/**
 * The report with its predicted gradients in the unit of the measured ones: theory counts from 1 at the last weighted layer, which
 * is set to what was measured there.
 */
export function inMeasuredUnits(report: Report): Report {
  const known = inUnits.get(report);
  if (known !== undefined) return known;
  const last = report.layers.findLast(
    ({ trunk, initializers, measured, predicted }) =>
      trunk &&
      initializers.some(({ gain }) => gain !== undefined) &&
      measured.gradientNorm !== undefined &&
      (predicted.gradientNorm ?? 0) > 0,
  );
  const unit = (last?.measured.gradientNorm?.mean ?? 1) / (last?.predicted.gradientNorm ?? 1);
  const made: Report = {
    ...report,
    layers: report.layers.map((layer) => {
      const { gradientNorm } = layer.predicted;
      return gradientNorm === undefined
        ? layer
        : { ...layer, predicted: { ...layer.predicted, gradientNorm: gradientNorm * unit } };
    }),
  };
  inUnits.set(report, made);
  return made;
}
