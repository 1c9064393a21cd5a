import type { Advice, Finding, Severity } from '../model/finding.ts';
import type { Report, ReportSet } from '../model/report.ts';
import { formatProof } from './format.ts';
import { LAYER_COLUMNS, layerRows } from './layerTable.ts';
import {
  factsText,
  furtherCause,
  layersText,
  outcomeText,
  placeText,
  plural,
  problemText,
} from './reportText.ts';
import { textTable } from './table.ts';
import { withoutControls } from './withoutControls.ts';

/** How the terminal text is written. */
export interface TextOptions {
  readonly color: boolean;
  readonly allLayers: boolean;
  /** Verdicts and findings only: no layer tables. */
  readonly quiet: boolean;
}

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'blue' | 'green';
const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  blue: [34, 39],
  green: [32, 39],
};
const SEVERITY_STYLE: Readonly<Record<Severity, Style>> = {
  error: 'red',
  warning: 'yellow',
  information: 'blue',
  hint: 'dim',
};

type Paint = (style: Style, text: string) => string;

function painter(color: boolean): Paint {
  return (style, text) => {
    const [on, off] = CODES[style];
    return color && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
}

function adviceLines(advice: Advice, paint: Paint): string[] {
  const change = outcomeText(advice.before, advice.after);
  const how = advice.proof === 'measured' ? 'measured' : 'predicted';
  const lines = [
    `${paint('green', 'advice')}  ${advice.title}${change === '' ? '' : ` (${how}: ${change})`}`,
  ];
  if (advice.edit?.ok === false)
    lines.push(`        no edit: ${advice.edit.refusal.reason} (${advice.edit.refusal.place})`);
  if (advice.caveat !== undefined) lines.push(`        ${advice.caveat}`);
  return lines;
}

function findingLines(set: ReportSet, finding: Finding, paint: Paint): string[] {
  const place = placeText(set, finding.origin);
  const severity = paint(SEVERITY_STYLE[finding.severity], finding.severity);
  const cause = furtherCause(finding);
  const details = [
    ...finding.values.map((value) => formatProof(value)),
    ...(cause === undefined ? [] : [`cause   ${layersText(finding)}: ${cause}`]),
    ...(finding.echoes.length === 0
      ? []
      : [`echoes  ${plural(finding.echoes.length, 'layer')}: ${echoNames(finding)}`]),
    ...finding.advice.slice(0, 3).flatMap((advice) => adviceLines(advice, paint)),
    ...(finding.advice.length === 0 && finding.tried !== undefined ? [noAdvice(finding.tried)] : []),
  ];
  return [
    `${place}: ${severity} ${paint('bold', finding.rule)} ${finding.message}`,
    ...details.map((line) => `    ${line}`),
  ];
}

function noAdvice(tried: number): string {
  const none =
    tried === 1
      ? 'the one initialization measured does not help'
      : `none of ${tried} initializations measured helps`;
  return `advice  none: ${none}; normalization, skips or another activation would`;
}

function echoNames(finding: Finding): string {
  const names = [...new Set(finding.echoes.map(({ layer }) => layer))];
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} … ${names.at(-1) ?? ''}` : names.join(', ');
}

function reportLines(set: ReportSet, report: Report, options: TextOptions, paint: Paint): string[] {
  const lines = [
    `${paint('bold', report.file.replaceAll('\\', '/'))}  ${factsText(report)}`,
    `  ${report.verdict}`,
    ...report.problems.map((problem) => `  ${problemText(set, problem)}`),
    ...report.findings.flatMap((finding) => findingLines(set, finding, paint)).map((line) => `  ${line}`),
  ];
  if (options.quiet) return lines;
  const { rows, left } = layerRows(report, options.allLayers);
  const table = textTable(LAYER_COLUMNS, rows).map(
    (line, index) => `  ${index === 0 ? paint('dim', line) : line}`,
  );
  const more = left > 0 ? [`  … ${plural(left, 'more layer')} (--all-layers shows them)`] : [];
  const unproven = report.layers.flatMap(({ id, unproven: why }) =>
    why === undefined ? [] : [`  ${id} is held to no framework's own numbers: ${why}`],
  );
  const saved = report.starts.saved === undefined ? [] : [`  saved weights: ${report.starts.saved.summary}`];
  return [
    ...lines,
    ...saved,
    ...unproven,
    '',
    ...table,
    ...more,
    paint('dim', `  again: ${report.reproduce}`),
  ];
}

/** What the terminal shows of a call; ends with a newline unless empty. */
export function textReport(given: ReportSet, options: TextOptions): string {
  const paint = painter(options.color);
  const { reports, skipped: left } = withoutControls({ reports: given.reports, skipped: given.skipped });
  const set = { ...given, reports, skipped: left };
  const blocks = set.reports.map((report) => reportLines(set, report, options, paint).join('\n'));
  const skipped = set.skipped.map(({ file, reason }) => `${file.replaceAll('\\', '/')}: skipped: ${reason}`);
  if (skipped.length > 0) blocks.push(skipped.join('\n'));
  return blocks.map((block) => `${block}\n`).join('\n');
}
