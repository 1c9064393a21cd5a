import type { Finding } from '../model/finding.ts';
import type { Report, ReportSet } from '../model/report.ts';
import { formatBand, formatInUnit, formatInterval } from './format.ts';
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
import { markdownTable } from './table.ts';

/** Plain text as Markdown text: nothing in it is markup, HTML or a line break. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]#|~]/g, '\\$&');
}

function code(text: string): string {
  const ticks = '`'.repeat(Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length)) + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${ticks}${space}${text.replaceAll(/\s*\n\s*/g, ' ')}${space}${ticks}`;
}

function findingLines(set: ReportSet, finding: Finding): string[] {
  const place = placeText(set, finding.origin);
  const values = finding.values.map(({ name, value, lo, hi, band, unit }) => [
    name,
    formatInUnit(value, unit),
    lo === hi ? '' : formatInterval(lo, hi, unit),
    formatBand(band, unit),
  ]);
  const columns = ['number', 'value', 'interval', 'healthy'].map((title, index) => ({
    title,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  const advice = finding.advice.flatMap(({ title, before, after, edit, caveat, snippet }) => {
    const change = outcomeText(before, after);
    const refused = edit?.ok === false ? ` No edit: ${escapeMarkdown(edit.refusal.reason)}.` : '';
    const more = caveat === undefined ? '' : ` ${escapeMarkdown(caveat)}`;
    const text = Object.values(snippet)[0] ?? '';
    return [
      `- **${escapeMarkdown(title)}**${change === '' ? '' : `: ${escapeMarkdown(change)}.`}${refused}${more}`,
      ...(text === '' ? [] : ['', ...fenced(text).map((line) => `  ${line}`), '']),
    ];
  });
  const cause = furtherCause(finding);
  return [
    `### ${finding.severity}: ${escapeMarkdown(finding.rule)} at ${code(finding.layer)}`,
    '',
    `${escapeMarkdown(finding.message)} (${code(place)})`,
    '',
    ...(cause === undefined ? [] : [`Cause: ${code(layersText(finding))}, ${escapeMarkdown(cause)}`, '']),
    ...(values.length === 0 ? [] : [...markdownTable(columns, values), '']),
    ...(finding.echoes.length === 0 ? [] : [`Carried on by ${plural(finding.echoes.length, 'layer')}.`, '']),
    ...(advice.length === 0 ? [] : ['Advice:', '', ...advice, '']),
  ];
}

function fenced(text: string): string[] {
  const fence = '`'.repeat(Math.max(3, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length + 1)));
  return [fence, ...text.replace(/\n$/, '').split('\n'), fence];
}

function reportLines(set: ReportSet, report: Report): string[] {
  const { rows, left } = layerRows(report, false);
  return [
    `## ${escapeMarkdown(report.model)}`,
    '',
    `${code(report.file.replaceAll('\\', '/'))}: ${escapeMarkdown(factsText(report))}`,
    '',
    `**${escapeMarkdown(report.verdict)}**`,
    '',
    ...report.problems.map((problem) => `- ${escapeMarkdown(problemText(set, problem))}`),
    ...(report.problems.length > 0 ? [''] : []),
    ...report.findings.flatMap((finding) => findingLines(set, finding)),
    '<details><summary>Layers</summary>',
    '',
    ...markdownTable(LAYER_COLUMNS, rows),
    ...(left > 0 ? ['', `${plural(left, 'more layer')} not shown.`] : []),
    '',
    '</details>',
    '',
    `Again: ${code(report.reproduce)}`,
    '',
  ];
}

/** A summary to paste into a pull request. */
export function markdownReport(set: ReportSet): string {
  const skipped = set.skipped.map(
    ({ file, reason }) => `- ${code(file)}: skipped, ${escapeMarkdown(reason)}`,
  );
  const errors = set.errors.map((problem) => `- ${escapeMarkdown(problemText(set, problem))}`);
  const rest = [...errors, ...skipped];
  const lines = ['# Initscope', '', ...set.reports.flatMap((report) => reportLines(set, report)), ...rest];
  return `${lines.join('\n').trimEnd()}\n`;
}
