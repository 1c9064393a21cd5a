import type { ChartDataset } from 'chart.js';
import { signalQuantity } from '../../src/model/layerSignal.ts';
import { signalOf } from '../../src/report/layerSignal.ts';
import { formatMeasured, formatNumber } from '../../src/report/format.ts';
import type { Measured, ReportLayer } from '../../src/model/report.ts';
import { faint, type Colours } from '../shared/theme.ts';
import type { Repair } from './repair.ts';

type Line = ChartDataset<'line', (number | null)[]>;

/** More layers than this are drawn without points. */
const MOST_POINTS = 60;

const positive = (value: number | undefined) =>
  value !== undefined && Number.isFinite(value) && value > 0 ? value : null;
const mean = (part: { mean: number } | undefined) => positive(part?.mean);

const gradientOf = ({ measured }: ReportLayer) => measured.gradientNorm;
const expectedSignal = (layer: ReportLayer) => layer.expected[signalQuantity(layer)];
const expectedGradient = ({ expected }: ReportLayer) => expected.gradientNorm;

/** What was measured at a line's points, by its label. */
const MEASURED: Readonly<Record<string, (layer: ReportLayer) => Measured | undefined>> = {
  signal: signalOf,
  gradient: gradientOf,
  'signal, well initialized': expectedSignal,
  'gradient, well initialized': expectedGradient,
};

/** A point of a line in words, with its interval over seeds where it was measured: `signal: 0.42 [0.4, 0.45]`. */
export function pointText(label: string, layer: ReportLayer | undefined, value: number | null): string {
  const measured = layer && MEASURED[label]?.(layer);
  const number = value === null ? '–' : formatNumber(value);
  return `${label}: ${measured === undefined ? number : formatMeasured(measured)}`;
}

/** The lines of a profile on a log scale: intervals, measured, predicted, the twin's, and a repair where there is one. */
export function profileLines(
  layers: readonly ReportLayer[],
  theme: Colours,
  repair: Repair | undefined,
): Line[] {
  const many = layers.length > MOST_POINTS;
  const line = (label: string, data: (number | null)[], colour: string, extra: Partial<Line> = {}): Line => ({
    label,
    data,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 1.8,
    pointRadius: many ? 0 : 3,
    spanGaps: true,
    ...extra,
  });
  const of = (pick: (layer: ReportLayer) => number | null) => layers.map(pick);
  const ribbon = (
    label: string,
    pick: (layer: ReportLayer) => { lo: number; hi: number } | undefined,
    colour: string,
  ) => [
    line(
      `interval low ${label}`,
      of((layer) => positive(pick(layer)?.lo)),
      'transparent',
      { pointRadius: 0, fill: false },
    ),
    line(
      `interval high ${label}`,
      of((layer) => positive(pick(layer)?.hi)),
      'transparent',
      { pointRadius: 0, fill: '-1', backgroundColor: faint(colour, 0.22) },
    ),
  ];
  const repairLines = ({ signal, gradient }: Repair) => {
    const along = (values: ReadonlyMap<string, number>) => of(({ id }) => positive(values.get(id)));
    const look = { borderWidth: 2.4, pointStyle: 'triangle', pointRadius: many ? 0 : 4, order: -1 } as const;
    return [
      line('signal, repaired', along(signal), theme.fg, look),
      line('gradient, repaired', along(gradient), theme.fg, { ...look, borderDash: [7, 3] }),
    ];
  };
  const dashed = { borderDash: [7, 3] };
  return [
    ...ribbon('signal', signalOf, theme.forward),
    ...ribbon('gradient', gradientOf, theme.backward),
    line(
      'signal',
      of((layer) => mean(signalOf(layer))),
      theme.forward,
    ),
    line(
      'gradient',
      of((layer) => mean(gradientOf(layer))),
      theme.backward,
      { pointStyle: 'rect', ...dashed },
    ),
    line(
      'signal predicted',
      of((layer) => positive(layer.predicted[signalQuantity(layer)])),
      theme.fg,
      { borderDash: [1.5, 3], pointRadius: 0, borderWidth: 1.4 },
    ),
    line(
      'signal, well initialized',
      of((layer) => mean(expectedSignal(layer))),
      theme.good,
      { pointRadius: 0 },
    ),
    line(
      'gradient, well initialized',
      of((layer) => mean(expectedGradient(layer))),
      theme.good,
      { pointRadius: 0, ...dashed },
    ),
    ...(repair === undefined ? [] : repairLines(repair)),
  ];
}
