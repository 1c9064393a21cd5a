import type { AdviceOutcome, Finding } from '../model/finding.ts';
import { linePosition } from '../model/linePosition.ts';
import type { Problem } from '../model/problem.ts';
import type { Report, ReportSet } from '../model/report.ts';
import { formatCount, formatNumber, formatRatio, formatSeconds, formatShare } from './format.ts';

/** `file:line:column` of the start of a place, as terminals and editors make it a link; in a notebook also the cell and its line. */
export function placeText(
  set: Pick<ReportSet, 'lineStarts'>,
  { file, range, cell }: Pick<Problem, 'file' | 'range' | 'cell'>,
): string {
  const shown = file.replaceAll('\\', '/');
  const starts = Object.hasOwn(set.lineStarts, file) ? set.lineStarts[file] : undefined;
  if (range === undefined || starts === undefined) return shown;
  const { line, column } = linePosition(starts, range.start);
  const inCell = cell === undefined ? '' : ` (cell ${cell.index + 1}, line ${cell.startLine + 1})`;
  return `${shown}:${line}:${column}${inCell}`;
}

/** A problem in one line: place, severity, what was found, expected, and what to do. */
export function problemText(set: Pick<ReportSet, 'lineStarts'>, problem: Problem): string {
  const { message, found, expected, hint, severity } = problem;
  const parts = [
    found === undefined ? undefined : `found ${found}`,
    expected === undefined ? undefined : `expected ${expected}`,
    hint,
  ].filter((part) => part !== undefined);
  const place = placeText(set, problem);
  return `${place}: ${severity}: ${[message.replace(/[.;]$/, ''), ...parts].join('; ').replaceAll(/\s*\n\s*/g, ' ')}`;
}

/** `5 seeds`, `1 seed`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The facts of a model in one line: name, framework, parameters, plan, seconds. */
export function factsText(report: Report): string {
  const { plan } = report;
  const measured = report.layers.some(({ measured: quantities }) => Object.keys(quantities).length > 0);
  const run = measured
    ? [
        `${plan.backend}, batch ${plan.batch}, ${plural(plan.seeds.length, 'seed')}`,
        formatSeconds(report.run.elapsedMs),
      ]
    : ['predicted, not measured'];
  return [report.model, report.framework, plural(report.parameters.total, 'parameter'), ...run].join(' · ');
}

/** What changes between two outcomes, as `name before → after`, only what is defined and differs. */
export function outcomeText(before: AdviceOutcome, after: AdviceOutcome): string {
  const parts: string[] = [];
  const add = (name: string, from: number, to: number, format: (value: number) => string) => {
    const [first, second] = [format(from), format(to)];
    if (first !== second) parts.push(`${name} ${first} → ${second}`);
  };
  add('signal last/first', before.signalRatio, after.signalRatio, formatRatio);
  add('gradient first/last', before.gradientRatio, after.gradientRatio, formatRatio);
  add('dead', before.dead, after.dead, formatShare);
  add('saturated', before.saturated, after.saturated, formatShare);
  add('initial loss', before.initialLoss, after.initialLoss, formatNumber);
  return parts.join(', ');
}

/** The cause in words, where the message does not say it already. */
export function furtherCause({ cause, message }: Finding): string | undefined {
  return message.includes(cause) ? undefined : cause;
}

/** The layers a finding covers: `dense_3` or `dense_3 and 7 more layers`. */
export function layersText(finding: Finding): string {
  const more = finding.layers.length - 1;
  return more > 0 ? `${finding.layer} and ${plural(more, 'more layer')}` : finding.layer;
}
