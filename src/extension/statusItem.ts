import * as vscode from 'vscode';
import { CANDIDATE_LANGUAGES } from '../protocol/candidate.ts';
import type { ModelState, ModelStatus } from '../protocol/status.ts';
import { FORMATTED_SCHEME } from '../protocol/virtual.ts';

const SHOWN: vscode.DocumentSelector = [
  ...CANDIDATE_LANGUAGES.map((language) => ({ language })),
  { scheme: FORMATTED_SCHEME },
];
const HIDDEN: vscode.DocumentSelector = [{ scheme: 'initscope-none' }];

const COMMANDS: Readonly<Record<ModelState, vscode.Command>> = {
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

function shortened(text: string): string {
  if (text.length <= DETAIL) return text;
  const space = text.lastIndexOf(' ', DETAIL);
  return `${text.slice(0, space > 0 ? space : DETAIL)} …`;
}

function elapsed(since: number): string {
  return `${Math.max(0, Math.round((Date.now() - since) / 1000))} s`;
}

function severityOf(status: ModelStatus): vscode.LanguageStatusSeverity {
  if (status.state === 'failed' || status.severity === 'error') return vscode.LanguageStatusSeverity.Error;
  return status.severity === 'warning'
    ? vscode.LanguageStatusSeverity.Warning
    : vscode.LanguageStatusSeverity.Information;
}

/** The language status of the file that is looked at: what is known, what is being done and since when. */
export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem('initscope.status', HIDDEN);
  #timer: NodeJS.Timeout | undefined;
  #failure: string | undefined;

  constructor() {
    this.#item.name = 'Initscope';
  }

  /** Shows this status; nothing when the file is no candidate. */
  show(candidate: boolean, status: ModelStatus | undefined): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#item.selector = candidate ? SHOWN : HIDDEN;
    if (status !== undefined) this.#failure = undefined;
    if (!candidate || this.#failure !== undefined) return;
    if (status === undefined) {
      this.#set('Initscope', 'Starting …', true);
      return;
    }
    this.#item.severity = severityOf(status);
    this.#item.command = COMMANDS[status.state];
    const { since } = status;
    if (since === undefined) {
      this.#set(`Initscope: ${status.text}`, status.detail, false);
      return;
    }
    const tick = (): void => this.#set(`Initscope: ${status.text} ${elapsed(since)}`, status.detail, true);
    tick();
    this.#timer = setInterval(tick, 1000);
  }

  /** Shows that the server is gone, until a status comes again. */
  failed(message: string): void {
    clearInterval(this.#timer);
    this.#failure = message;
    this.#item.selector = SHOWN;
    this.#item.severity = vscode.LanguageStatusSeverity.Error;
    this.#item.command = { title: 'Restart server', command: 'initscope.restartServer' };
    this.#set('Initscope: server ended', message, false);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#item.dispose();
  }

  #set(text: string, detail: string, busy: boolean): void {
    this.#item.text = text;
    this.#item.detail = shortened(detail);
    this.#item.busy = busy;
  }
}
