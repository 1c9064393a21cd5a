import type { Comparison, ComparisonSet, ComparedStart } from '../model/comparison.ts';
import type { Json } from '../model/json.ts';
import type { Measured } from '../model/report.ts';
import { csvTable } from './csv.ts';
import { formatMeasured, formatSeconds } from './format.ts';
import { plainJson, problemJson } from './json.ts';
import { escapeMarkdown } from './markdown.ts';
import { comparisonOutcome, glorotOrHe } from './comparisonWords.ts';
import { plural } from './reportText.ts';
import { markdownTable, textTable } from './table.ts';
import type { Column } from './table.ts';
import { withoutControls } from './withoutControls.ts';

/** The columns of the ranked table, in the terminal, in Markdown and in the report. */
export const COMPARISON_COLUMNS: readonly Column[] = [
  { title: '', align: 'right' },
  { title: 'initialization', align: 'left' },
  { title: 'signal last/first', align: 'right' },
  { title: 'gradient first/last', align: 'right' },
  { title: 'dead', align: 'right' },
  { title: 'saturated', align: 'right' },
  { title: 'first loss', align: 'right' },
  { title: 'why', align: 'left' },
];

/** One start as its row of cells. */
export function comparisonRow({ title, figures, why }: ComparedStart, index: number): string[] {
  const { signal, gradient, dead, saturated, initialLoss } = figures;
  return [
    String(index + 1),
    title,
    formatMeasured(signal, 'ratio'),
    formatMeasured(gradient, 'ratio'),
    formatMeasured(dead, 'share'),
    formatMeasured(saturated, 'share'),
    formatMeasured(initialLoss),
    why,
  ];
}

function heading({ file, model, framework, plan, run }: Comparison): string {
  const how = `${plan.backend}, batch ${plan.batch}, ${plural(plan.seeds.length, 'seed')}`;
  return `${file.replaceAll('\\', '/')}  ${[model, framework, how, formatSeconds(run.elapsedMs)].join(' · ')}`;
}

/** The ranked table for a terminal. */
export function comparisonText(set: ComparisonSet): string {
  const blocks = withoutControls(set.comparisons).map((comparison) => {
    const table = textTable(COMPARISON_COLUMNS, comparison.starts.map(comparisonRow)).map(
      (line) => `  ${line}`,
    );
    const said = [comparisonOutcome(comparison), glorotOrHe(comparison)].flatMap((line) =>
      line === '' ? [] : [`  ${line}`],
    );
    return [heading(comparison), '', ...table, ...said, `  again: ${comparison.reproduce}`, ''].join('\n');
  });
  return blocks.join('\n');
}

/** The ranked table as Markdown. */
export function comparisonMarkdown(set: ComparisonSet): string {
  const blocks = set.comparisons.map((comparison) =>
    [
      `## ${escapeMarkdown(heading(comparison))}`,
      '',
      escapeMarkdown(`${comparisonOutcome(comparison)} ${glorotOrHe(comparison)}`.trim()),
      '',
      ...markdownTable(COMPARISON_COLUMNS, comparison.starts.map(comparisonRow)),
      '',
    ].join('\n'),
  );
  return `# Initscope: initializations compared\n\n${blocks.join('\n')}`;
}

/** One line per initialization: mean, low and high of every figure; RFC 4180. */
export function comparisonCsv(set: ComparisonSet): string {
  const names = ['signal', 'gradient', 'drift', 'dead', 'saturated', 'initialLoss'] as const;
  const three = ({ mean, lo, hi }: Measured) => [mean, lo, hi];
  const header = [
    'file',
    'model',
    'rank',
    'id',
    'title',
    ...names.flatMap((name) => [name, `${name}Lo`, `${name}Hi`]),
    'findings',
  ];
  const lines = set.comparisons.flatMap(({ file, modelId, starts }) =>
    starts.map(({ id, title, figures, findings }, index) => [
      file,
      modelId,
      index + 1,
      id,
      title,
      ...names.flatMap((name) => three(figures[name])),
      findings.join(' '),
    ]),
  );
  return csvTable(header, lines);
}

/** The document of `compare --json`. */
export function comparisonJson(set: ComparisonSet, version: string): Json {
  return plainJson({
    schema: 'urn:initscope:schema:comparison:1',
    initscope: version,
    reportVersion: '1.0',
    comparisons: set.comparisons.map((comparison) => ({
      ...comparison,
      file: comparison.file.replaceAll('\\', '/'),
    })),
    errors: set.errors.map((problem) => problemJson(set.lineStarts, problem)),
  });
}
