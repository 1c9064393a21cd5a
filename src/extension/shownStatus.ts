import type { ModelState, ModelStatus } from '../protocol/status.ts';

/** What the language status item shows for one file. */
export interface ShownStatus {
  readonly text: string;
  readonly detail: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly command: { readonly title: string; readonly command: string };
  /** Whether something is under way, which the item marks by turning. */
  readonly busy: boolean;
}

const COMMANDS: Readonly<Record<ModelState, ShownStatus['command']>> = {
  idle: { title: 'Inspect', command: 'initscope.inspectModel' },
  reading: { title: 'Show log', command: 'initscope.showOutput' },
  measuring: { title: 'Stop', command: 'initscope.stopMeasuring' },
  verdict: { title: 'Open report', command: 'initscope.openReport' },
  predicted: { title: 'Inspect', command: 'initscope.inspectModel' },
  stale: { title: 'Measure again', command: 'initscope.inspectModel' },
  failed: { title: 'Show log', command: 'initscope.showOutput' },
  asks: { title: 'Answer', command: 'initscope.answerQuestions' },
  nothing: { title: 'Why?', command: 'initscope.whyNothing' },
};

/** Characters of a detail that the narrow list of language statuses shows with its link beside it, without scrolling. */
const DETAIL = 40;

/** The start of a detail, up to a whole word, that the list of language statuses has room for. */
export function shortened(text: string): string {
  if (text.length <= DETAIL) return text;
  const space = text.lastIndexOf(' ', DETAIL);
  return `${text.slice(0, space > 0 ? space : DETAIL)} …`;
}

function severityOf({ state, severity }: ModelStatus): ShownStatus['severity'] {
  if (state === 'failed' || severity === 'error') return 'error';
  return severity === 'warning' ? 'warning' : 'information';
}

/** A status as a person sees it at `now` (milliseconds since the epoch): with seconds elapsed while something is under way. */
export function shownStatus(status: ModelStatus, now: number): ShownStatus {
  const { since, text } = status;
  const elapsed = since === undefined ? '' : ` ${Math.max(0, Math.round((now - since) / 1000))} s`;
  return {
    text: `Initscope: ${text}${elapsed}`,
    detail: shortened(status.detail),
    severity: severityOf(status),
    command: COMMANDS[status.state],
    busy: since !== undefined,
  };
}
