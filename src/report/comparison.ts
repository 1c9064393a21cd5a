import type { Comparison, ComparisonSet, ComparedStart } from '../model/comparison.ts';
import type { Json } from '../model/json.ts';
import type { Measured } from '../model/report.ts';
import { csvTable } from './csv.ts';
import { formatMeasured, formatSeconds } from './format.ts';
import { plainJson, problemJson } from './json.ts';
import { escapeMarkdown } from './markdown.ts';
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

const overlap = (a: Measured, b: Measured) => a.lo <= b.hi && b.lo <= a.hi;

/** The starts that no figure tells from the best over these seeds: as many findings, and every interval overlaps the best's. */
export function undecided([best, ...others]: readonly ComparedStart[]): readonly ComparedStart[] {
  if (best === undefined) return [];
  const judged = ['drift', 'dead', 'saturated', 'initialLoss'] as const;
  return others.filter(
    ({ figures, findings }) =>
      findings.length === best.findings.length &&
      judged.every((name) => overlap(figures[name], best.figures[name])),
  );
}

/** Which start is best, in one sentence; that it is not decided where the intervals over seeds overlap. */
export function comparisonOutcome({ starts, plan }: Comparison): string {
  const [best] = starts;
  if (best === undefined) return 'Nothing was compared.';
  const [fault] = best.findings;
  const alike = undecided(starts).map(({ title }) => title);
  const shown = alike.length > 3 ? [...alike.slice(0, 2), `${alike.length - 2} more`] : alike;
  const seeds = plural(plan.seeds.length, 'seed');
  if (alike.length > 0)
    return `Not decided: over ${seeds} nothing tells ${[best.title, ...shown].join(', ').replace(/, (?=[^,]*$)/, ' and ')} apart${fault === undefined ? '' : `, and none is free of ${fault}`}.`;
  return fault === undefined
    ? `${best.title} starts best, without a finding.`
    : `No initialization is free of findings; ${best.title} comes closest, with ${fault}.`;
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
    const said = `  ${comparisonOutcome(comparison)}`;
    return [heading(comparison), '', ...table, said, `  again: ${comparison.reproduce}`, ''].join('\n');
  });
  return blocks.join('\n');
}

/** The ranked table as Markdown. */
export function comparisonMarkdown(set: ComparisonSet): string {
  const blocks = set.comparisons.map((comparison) =>
    [
      `## ${escapeMarkdown(heading(comparison))}`,
      '',
      escapeMarkdown(comparisonOutcome(comparison)),
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
