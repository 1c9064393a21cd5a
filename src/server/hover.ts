import type { Hover } from 'vscode-languageserver';
import type { LayerQuantity, ReportLayer } from '../model/report.ts';
import { formatMeasured, formatNumber, formatShare } from '../report/format.ts';
import type { FileState } from './fileState.ts';
import { layersAt, type FoundLayer } from './layerAt.ts';
import type { View } from './view.ts';

type Titles = readonly (readonly [quantity: LayerQuantity, title: string])[];

const ROWS: Titles = [
  ['preActivation', 'rms before activation'],
  ['activation', 'rms of output'],
  ['stdOverData', 'std over the data'],
  ['gradientNorm', 'gradient norm'],
];

/** Told in one line below the table: an editor shows hardly more than 250 pixels of a hover at once. */
const SHARES: Titles = [
  ['dead', 'dead units'],
  ['saturated', 'saturated'],
  ['zeros', 'zeros'],
];

/** Characters of Markdown that would break a table or start markup. */
export function escapeCell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#~]/g, '\\$&').replaceAll('\n', ' ');
}

function tableRow(quantity: LayerQuantity, title: string, entry: ReportLayer): string | undefined {
  const measured = entry.measured[quantity];
  const predicted = entry.predicted[quantity];
  const expected = entry.expected[quantity];
  if (measured === undefined && predicted === undefined) return undefined;
  const cells = [
    measured === undefined ? '–' : formatMeasured(measured),
    predicted === undefined ? '–' : formatNumber(predicted),
    expected === undefined ? '–' : formatNumber(expected.mean),
  ];
  return `| ${title} | ${cells.join(' | ')} |`;
}

/** Two shares that a person would not call the same. */
function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > 0.01;
}

/** `dead units 12 % (expected 0 %) · zeros 51 %`: what was predicted and expected is named where it is something else. */
function sharesLine(entry: ReportLayer): string {
  return SHARES.flatMap(([quantity, title]) => {
    const measured = entry.measured[quantity];
    const predicted = entry.predicted[quantity];
    const expected = entry.expected[quantity];
    if (measured === undefined && predicted === undefined) return [];
    const beside = [
      ...(predicted === undefined || (measured !== undefined && !differ(predicted, measured.mean))
        ? []
        : [`predicted ${formatShare(predicted)}`]),
      ...(expected === undefined || measured === undefined || !differ(expected.mean, measured.mean)
        ? []
        : [`expected ${formatShare(expected.mean)}`]),
    ].join(', ');
    const share = measured === undefined ? '–' : formatMeasured(measured, 'share');
    return [`${title} ${share}${beside === '' ? '' : ` (${beside})`}`];
  }).join(' · ');
}

function initializerLines(entry: ReportLayer): string[] {
  return entry.initializers.map(({ weight, spelled, fanIn, effectiveFanIn, gain }) => {
    const fans =
      effectiveFanIn === fanIn ? `fan-in ${fanIn}` : `fan-in ${fanIn}, effective ${effectiveFanIn}`;
    const gains =
      gain === undefined ? '' : ` · gain has ${formatNumber(gain.has)}, needs ${formatNumber(gain.needs)}`;
    return `${escapeCell(weight)}: ${escapeCell(spelled)}${gain === undefined ? '' : ` · ${fans}`}${gains}  `;
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
  const title = `**${escapeCell(layer.id)}** · ${escapeCell(layer.className)}${activation}`;
  // Two spaces break the line without the space of a paragraph.
  const lines = [`${title}  `, verdictLine(found)];
  if (entry !== undefined && entry.initializers.length > 0) lines.push('', ...initializerLines(entry));
  const rows =
    entry === undefined ? [] : ROWS.flatMap(([quantity, name]) => tableRow(quantity, name, entry) ?? []);
  if (rows.length > 0)
    lines.push(
      '',
      '| | &nbsp; measured | &nbsp; predicted | &nbsp; expected |',
      '| --- | ---: | ---: | ---: |',
      ...rows,
    );
  const shares = entry === undefined ? '' : sharesLine(entry);
  if (shares !== '') lines.push('', shares);
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
