import type { Json } from '../model/json.ts';
import type { Probe, ProbedStart, ProbeSet } from '../model/probe.ts';
import { formatNumber, formatSeconds, formatShare } from './format.ts';
import { plainJson, problemJson } from './json.ts';
import { escapeMarkdown } from './markdown.ts';
import { overPairs, PROBE_CAPTION, probeSentences } from './probeWords.ts';
import { plural } from './reportText.ts';
import { markdownTable, textTable } from './table.ts';
import type { Column } from './table.ts';
import { withoutControls } from './withoutControls.ts';

/** The columns of the table of short trainings. */
export const PROBE_COLUMNS: readonly Column[] = [
  { title: '', align: 'right' },
  { title: 'initialization', align: 'left' },
  { title: 'optimizer', align: 'left' },
  { title: 'step size', align: 'right' },
  { title: 'steps to half', align: 'right' },
  { title: 'held-out loss', align: 'right' },
  { title: 'diverged', align: 'right' },
  { title: 'stuck', align: 'right' },
  { title: 'seeds disagree', align: 'right' },
  { title: 'distance', align: 'right' },
  { title: 'barrier', align: 'right' },
];

/** One start as its row of cells. */
export function probeRow(start: ProbedStart, index: number): string[] {
  const { pairs, rate } = start.result;
  const shown = (value: number | undefined, format: (value: number) => string) =>
    value === undefined ? '' : format(value);
  return [
    String(index + 1),
    start.title,
    start.optimizer === 'adam' ? 'Adam' : 'SGD',
    formatNumber(rate),
    start.stepsToHalf === null ? 'never' : formatNumber(start.stepsToHalf),
    formatNumber(start.heldOut),
    formatShare(start.diverged),
    formatShare(start.stuck),
    shown(
      overPairs(pairs, ({ disagreement }) => disagreement),
      formatShare,
    ),
    shown(
      overPairs(pairs, ({ distance }) => distance),
      formatNumber,
    ),
    shown(
      overPairs(pairs, ({ barrier }) => barrier),
      formatNumber,
    ),
  ];
}

function heading({ file, model, framework, plan, steps, run }: Probe): string {
  const how = `${plan.backend}, batch ${plan.batch}, ${plural(steps, 'step')}`;
  return `${file.replaceAll('\\', '/')}  ${[model, framework, how, formatSeconds(run.elapsedMs)].join(' · ')}`;
}

/** What the task was and what half-way means. */
export function probeLegend({ task, half, starts }: Probe): string {
  const uninformed = starts[0]?.result.uninformed ?? NaN;
  return `task: ${task}. Half: a loss of ${formatNumber(half)}, half-way from ${formatNumber(uninformed)} (no information) to the best run.`;
}

/** The table of a probe for a terminal, fastest first. */
export function probeText(set: ProbeSet): string {
  const blocks = withoutControls(set.probes).map((probe) => {
    const table = textTable(PROBE_COLUMNS, probe.starts.map(probeRow)).map((line) => `  ${line}`);
    const said = [probeLegend(probe), ...probeSentences(probe)].map((sentence) => `  ${sentence}`);
    return [heading(probe), ...said, '', ...table, '', `  ${PROBE_CAPTION}`, ''].join('\n');
  });
  return blocks.join('\n');
}

/** The same as Markdown. */
export function probeMarkdown(set: ProbeSet): string {
  const blocks = set.probes.map((probe) =>
    [
      `## ${escapeMarkdown(heading(probe))}`,
      '',
      escapeMarkdown(probeLegend(probe)),
      '',
      escapeMarkdown(probeSentences(probe).join(' ')),
      '',
      ...markdownTable(PROBE_COLUMNS, probe.starts.map(probeRow)),
      '',
      escapeMarkdown(PROBE_CAPTION),
      '',
    ].join('\n'),
  );
  return `# Initscope: short trainings\n\n${blocks.join('\n')}`;
}

/** The document of `probe --json`, with every loss curve. */
export function probeJson(set: ProbeSet, version: string): Json {
  return plainJson({
    schema: 'urn:initscope:schema:probe:1',
    initscope: version,
    reportVersion: '1.0',
    probes: set.probes.map((probe) => ({ ...probe, file: probe.file.replaceAll('\\', '/') })),
    errors: set.errors.map((problem) => problemJson(set.lineStarts, problem)),
  });
}
