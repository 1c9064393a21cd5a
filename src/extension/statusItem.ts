import * as vscode from 'vscode';
import { CANDIDATE_LANGUAGES } from '../protocol/candidate.ts';
import type { ModelStatus } from '../protocol/status.ts';
import { FORMATTED_SCHEME } from '../protocol/virtual.ts';
import { shortened, shownStatus } from './shownStatus.ts';

const SHOWN: vscode.DocumentSelector = [
  ...CANDIDATE_LANGUAGES.map((language) => ({ language })),
  { scheme: FORMATTED_SCHEME },
];
const HIDDEN: vscode.DocumentSelector = [{ scheme: 'initscope-none' }];

const SEVERITIES = { error: 'Error', warning: 'Warning', information: 'Information' } as const;

/** The language status of the file that is looked at: what is known, what is being done and since when. */
export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem('initscope.status', HIDDEN);
  #timer: NodeJS.Timeout | undefined;
  #failure: string | undefined;

  constructor() {
    this.#item.name = 'Initscope';
  }

  /** Shows this status, or that a running server (`runs`) was told nothing of the file yet; nothing when the file is no candidate. */
  show(candidate: boolean, status: ModelStatus | undefined, runs: boolean): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#item.selector = candidate ? SHOWN : HIDDEN;
    if (status !== undefined) this.#failure = undefined;
    if (!candidate || this.#failure !== undefined) return;
    if (status === undefined) {
      this.#item.severity = vscode.LanguageStatusSeverity.Information;
      this.#item.command = { title: 'Inspect', command: 'initscope.inspectModel' };
      this.#set('Initscope', runs ? 'Not inspected yet.' : 'Starting …', !runs);
      return;
    }
    const tick = (): void => {
      const { text, detail, severity, command, busy } = shownStatus(status, Date.now());
      this.#item.severity = vscode.LanguageStatusSeverity[SEVERITIES[severity]];
      this.#item.command = command;
      this.#set(text, detail, busy);
    };
    tick();
    if (status.since !== undefined) this.#timer = setInterval(tick, 1000);
  }

  /** Shows that the server is gone, until a status comes again. */
  failed(message: string): void {
    clearInterval(this.#timer);
    this.#failure = message;
    this.#item.selector = SHOWN;
    this.#item.severity = vscode.LanguageStatusSeverity.Error;
    this.#item.command = { title: 'Restart server', command: 'initscope.restartServer' };
    this.#set('Initscope: server ended', shortened(message), false);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#item.dispose();
  }

  #set(text: string, detail: string, busy: boolean): void {
    this.#item.text = text;
    this.#item.detail = detail;
    this.#item.busy = busy;
  }
}
