import { signalQuantity } from '../model/layerSignal.ts';
import type { LayerQuantity, Report, ReportLayer } from '../model/report.ts';
import { formatCount, formatMeasured, formatNumber, formatShare } from './format.ts';
import type { Column } from './table.ts';

/** The columns of the layer table, in the terminal and in Markdown. */
export const LAYER_COLUMNS: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'layer', align: 'left' },
  { title: 'class', align: 'left' },
  { title: 'rms', align: 'right' },
  { title: 'predicted', align: 'right' },
  { title: 'gradient', align: 'right' },
  { title: 'zeros', align: 'right' },
  { title: 'saturated', align: 'right' },
  { title: 'dead', align: 'right' },
  { title: 'initializer', align: 'left' },
  { title: 'fan-in', align: 'right' },
  { title: 'gain has/needs', align: 'right' },
];

/** Layers that say nothing of their own: no number that differs from their input's. */
const SILENT = new Set(['flatten', 'dropout', 'input', 'reshape', 'permute']);

function share(layer: ReportLayer, quantity: LayerQuantity): string {
  const measured = layer.measured[quantity];
  const expected = layer.expected[quantity];
  if (measured === undefined) return '';
  const text = formatShare(measured.mean);
  if (expected === undefined || Math.abs(expected.mean - measured.mean) < 0.01)
    return text === '0 %' ? '' : text;
  return `${text} (${formatShare(expected.mean)})`;
}

function row(layer: ReportLayer, mark: string): string[] {
  const quantity = signalQuantity(layer);
  const [signal, predicted] = [layer.measured[quantity], layer.predicted[quantity]];
  const kernel = layer.initializers.find(({ gain }) => gain !== undefined) ?? layer.initializers[0];
  const gain = kernel?.gain;
  const fans =
    kernel === undefined || gain === undefined
      ? ''
      : kernel.effectiveFanIn === kernel.fanIn
        ? formatCount(kernel.fanIn)
        : `${formatCount(kernel.fanIn)} (${formatNumber(kernel.effectiveFanIn)})`;
  return [
    mark,
    layer.id,
    layer.activation === undefined ? layer.class : `${layer.class} ${layer.activation}`,
    signal === undefined ? (layer.notMeasured === undefined ? '' : 'not measured') : formatMeasured(signal),
    predicted === undefined ? '' : formatNumber(predicted),
    layer.measured.gradientNorm === undefined ? '' : formatMeasured(layer.measured.gradientNorm),
    share(layer, 'zeros'),
    share(layer, 'saturated'),
    share(layer, 'dead'),
    kernel?.spelled ?? '',
    fans,
    gain === undefined ? '' : `${formatNumber(gain.has)} / ${formatNumber(gain.needs)}`,
  ];
}

/** The rows of a report's layers; the mark names a layer that causes (`●`) or carries on (`○`) a finding. */
export function layerRows(report: Report, all: boolean): { rows: string[][]; left: number } {
  const causes = new Set(report.findings.flatMap(({ layers, layer }) => [layer, ...layers]));
  const echoes = new Set(report.findings.flatMap((finding) => finding.echoes.map(({ layer }) => layer)));
  const spoken = report.layers.filter((layer) => all || !SILENT.has(layer.kind));
  const limit = 40;
  const cut = all || spoken.length <= limit;
  const kept = cut
    ? spoken
    : spoken
        .filter(({ id }, index) => index < 15 || index >= spoken.length - 15 || causes.has(id))
        .slice(0, 60);
  const marked = (layer: ReportLayer) => (causes.has(layer.id) ? '●' : echoes.has(layer.id) ? '○' : '');
  return { rows: kept.map((layer) => row(layer, marked(layer))), left: spoken.length - kept.length };
}
