import type { Hover } from 'vscode-languageserver';
import type { LayerQuantity, ReportLayer } from '../model/report.ts';
import { formatMeasured, formatNumber, formatShare } from '../report/format.ts';
import type { FileState } from './fileState.ts';
import { layersAt, type FoundLayer } from './layerAt.ts';
import type { View } from './view.ts';

interface Row {
  readonly quantity: LayerQuantity;
  readonly title: string;
  readonly share?: boolean;
}

const ROWS: readonly Row[] = [
  { quantity: 'preActivation', title: 'rms before activation' },
  { quantity: 'activation', title: 'rms of output' },
  { quantity: 'stdOverData', title: 'std over the data' },
  { quantity: 'gradientNorm', title: 'gradient norm' },
  { quantity: 'dead', title: 'dead units', share: true },
  { quantity: 'saturated', title: 'saturated', share: true },
  { quantity: 'zeros', title: 'zeros', share: true },
];

/** Characters of Markdown that would break a table or start markup. */
export function escapeCell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#~]/g, '\\$&').replaceAll('\n', ' ');
}

function tableRow(row: Row, entry: ReportLayer): string | undefined {
  const unit = row.share === true ? 'share' : '';
  const measured = entry.measured[row.quantity];
  const predicted = entry.predicted[row.quantity];
  const expected = entry.expected[row.quantity];
  if (measured === undefined && predicted === undefined) return undefined;
  const number = row.share === true ? formatShare : formatNumber;
  const cells = [
    measured === undefined ? '–' : formatMeasured(measured, unit),
    predicted === undefined ? '–' : number(predicted),
    expected === undefined ? '–' : number(expected.mean),
  ];
  return `| ${row.title} | ${cells.join(' | ')} |`;
}

function initializerLines(entry: ReportLayer): string[] {
  return entry.initializers.map(({ weight, spelled, fanIn, effectiveFanIn, gain }) => {
    const fans =
      effectiveFanIn === fanIn ? `fan-in ${fanIn}` : `fan-in ${fanIn}, effective ${effectiveFanIn}`;
    const gains =
      gain === undefined ? '' : ` · gain has ${formatNumber(gain.has)}, needs ${formatNumber(gain.needs)}`;
    return `- ${escapeCell(weight)}: ${escapeCell(spelled)}${gain === undefined ? '' : ` · ${fans}`}${gains}`;
  });
}

function verdictLine(found: FoundLayer): string {
  const { report, layer, entry, stale } = found;
  if (report === undefined) return 'Not measured yet.';
  if (entry?.notMeasured !== undefined) return `Not measured: ${escapeCell(entry.notMeasured)}`;
  const caused = report.findings.filter((finding) => finding.layers.includes(layer.id));
  const echoed = report.findings.filter((finding) => finding.echoes.some((echo) => echo.layer === layer.id));
  const rules = [...new Set(caused.map(({ rule }) => rule))].join(', ');
  const mark = stale ? '_Stale, measured before the last change._ ' : '';
  if (caused.length > 0) return `${mark}$(warning) Causes ${rules}.`;
  if (echoed[0] !== undefined)
    return `${mark}$(arrow-up) Shows the damage of ${escapeCell(echoed[0].layer)} (${echoed[0].rule}).`;
  return `${mark}$(check) Nothing wrong here.`;
}

function section(found: FoundLayer): string {
  const { layer, entry } = found;
  const activation = layer.activation === undefined ? '' : ` · ${escapeCell(layer.activation)}`;
  const lines = [
    `**${escapeCell(layer.id)}** · ${escapeCell(layer.className)}${activation}`,
    '',
    verdictLine(found),
  ];
  if (entry !== undefined && entry.initializers.length > 0) lines.push('', ...initializerLines(entry));
  const rows = entry === undefined ? [] : ROWS.flatMap((row) => tableRow(row, entry) ?? []);
  if (rows.length > 0)
    lines.push(
      '',
      '| | &nbsp; measured | &nbsp; predicted | &nbsp; expected |',
      '| --- | ---: | ---: | ---: |',
      ...rows,
    );
  return lines.join('\n');
}

/** The numbers of the layer under the cursor: predicted, measured, expected, and what its initializer has and needs. */
export function hoverFor(state: FileState, view: View, offset: number): Hover | null {
  const found = layersAt(state, offset);
  const first = found[0];
  if (first === undefined) return null;
  const sections = found.slice(0, 3).map(section);
  if (found.length > 3) sections.push(`… and ${found.length - 3} more layers written here`);
  const { range } = first.origin;
  const single = view.rangeOf(range);
  return { contents: { kind: 'markdown', value: sections.join('\n\n---\n\n') }, range: single };
}
