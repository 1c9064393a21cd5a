import { TextDocument } from 'vscode-languageserver-textdocument';
import { badInputOf } from '../inspect/badInput.ts';
import type { Inspector, RewriteResult, StaticReading } from '../inspect/inspector.ts';
import type { ModelChange, EditResult } from '../model/change.ts';
import { isPython } from '../protocol/candidate.ts';
import { WAITING } from '../protocol/status.ts';
import { problemText } from '../report/reportText.ts';
import { EngineHost } from './engineHost.ts';
import type { FileState, Reading, Work } from './fileState.ts';
import { inspectWithin, progressText } from './measure.ts';
import type { ServerParts } from './parts.ts';
import type { Requests } from './requests.ts';
import { countsText } from './statusText.ts';
import { CancelledError, WorkQueue } from './workQueue.ts';

/** Where a job stands in the queue: what a person asked for goes before what was opened, that before a scan. */
export const PRIORITY = { asked: 10, opened: 0, scan: -10 } as const;

/** What a session tells whoever shows it. */
export interface SessionEvents {
  /** Something about this file is different: status, diagnostics, lenses. */
  changed(state: FileState): void;
  /** Detail for the log; never shown by itself. */
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
}

/** Reads and measures single files with one engine, one after the other, and keeps what came out in their states. */
export class FileWork {
  readonly requests: Requests;
  readonly queue: WorkQueue;
  readonly host: EngineHost;
  readonly #parts: ServerParts;
  readonly #events: SessionEvents;

  constructor(parts: ServerParts, requests: Requests, events: SessionEvents) {
    this.requests = requests;
    this.#parts = parts;
    this.#events = events;
    this.host = new EngineHost(parts.openEngine);
    this.queue = new WorkQueue(() => this.#idle());
  }

  /** Something is known anew of this file: what was answered before is out of date. */
  touch(state: FileState): void {
    state.revision++;
    this.#events.changed(state);
  }

  /** Shows what is being done for a file. */
  working(state: FileState, work: Work): void {
    state.work = work;
    this.#events.changed(state);
  }

  /** Python runs only when a person asked for this file in a trusted workspace. */
  runsPython(state: FileState, priority: number): boolean {
    return isPython(state.path) && this.requests.trusted && priority === PRIORITY.asked;
  }

  /** Reads the present text; ends with the newest reading when several are under way. A text that cannot be read while it is being typed leaves the last reading, unless `final`; what a person `asked` for may be large. */
  async read(state: FileState, final = false, asked = false): Promise<void> {
    state.newestRead = this.#read(state, final, asked);
    for (let waited; waited !== state.newestRead;) {
      waited = state.newestRead;
      await waited;
    }
  }

  async #read(state: FileState, final: boolean, asked: boolean): Promise<void> {
    const version = state.open?.version;
    let turn = state.readings;
    const overtaken = (): boolean => state.open?.version !== version || state.readings !== turn;
    try {
      const text = await this.#text(state, asked);
      // Whoever opened, edited or closed it meanwhile has it read as it is now, and must not be overtaken by what it was.
      if (state.open?.version !== version) return;
      if (state.reading !== undefined && state.reading.text === text && !final) return;
      turn = ++state.readings;
      state.readingSince = Date.now();
      if (state.reading === undefined) this.#events.changed(state);
      const inspector = this.host.use(this.requests.choice());
      const request = await this.requests.of(state, text);
      const started = performance.now();
      const content = await inspector.readStatic(request);
      state.readMs = performance.now() - started;
      if (overtaken()) return;
      state.readingSince = undefined;
      this.#accept(state, content, text ?? content.virtualText ?? '', final);
    } catch (error) {
      if (overtaken()) return;
      state.readingSince = undefined;
      this.#fail(state, error);
    } finally {
      if (this.queue.idle) this.#idle();
    }
  }

  /** Measures the present text when its turn comes; what our engine cannot run, and Python that nobody asked for, is left alone. */
  enqueue(state: FileState, priority: number): Promise<void> {
    const executable =
      state.reading === undefined || state.reading.content.models.some(({ spec }) => spec.executable);
    if (isPython(state.path) ? !this.runsPython(state, priority) : !executable) return Promise.resolve();
    // What a person asked for is not replaced by what happens to come after it.
    if ((this.queue.priorityOf(state.uri) ?? -Infinity) > priority) return Promise.resolve();
    this.working(state, { kind: 'measuring', since: Date.now(), detail: WAITING });
    return this.queue
      .add(state.uri, priority, (signal) => this.#measure(state, signal, priority === PRIORITY.asked))
      .finally(() => {
        if (this.queue.has(state.uri)) return;
        state.work = undefined;
        this.touch(state);
      });
  }

  /** These changes as edits of the file's present text; nothing is measured. */
  async editOf(state: FileState, modelId: string, changes: readonly ModelChange[]): Promise<EditResult> {
    const request = await this.requests.of(state, state.open?.text);
    return this.atOnce((inspector) => inspector.edit(request, modelId, changes));
  }

  /** These changes as a whole new archive, from the file as it is now. */
  async rewrite(state: FileState, modelId: string, changes: readonly ModelChange[]): Promise<RewriteResult> {
    const request = await this.requests.of(state, undefined);
    return this.atOnce((inspector) => inspector.rewrite(request, modelId, changes));
  }

  /** Asks the inspector something outside the queue; its workers may end afterwards when nothing else is done. */
  async atOnce<T>(act: (inspector: Inspector) => Promise<T>): Promise<T> {
    try {
      return await act(this.host.use(this.requests.choice()));
    } finally {
      if (this.queue.idle) this.#idle();
    }
  }

  #idle(): void {
    this.host.endWhenIdle(this.requests.settings.idleMinutes);
  }

  async #text(state: FileState, asked: boolean): Promise<string | undefined> {
    if (state.open === undefined) state.stamp = await this.#parts.stampOf(state.path);
    return this.requests.text(state, asked);
  }

  #accept(state: FileState, content: StaticReading, text: string, final: boolean): void {
    const unreadable =
      content.models.length === 0 && content.problems.some(({ severity }) => severity === 'error');
    state.holding = unreadable && !final && (state.reading?.content.models.length ?? 0) > 0;
    if (!state.holding) {
      const document = TextDocument.create(state.uri, 'json', 0, text);
      state.reading = { text, document, content } satisfies Reading;
    }
    this.touch(state);
  }

  /** One line in the log; where a fault of ours happened is told to who looks for it. */
  #fail(state: FileState, error: unknown): void {
    const expected = badInputOf(error);
    const message = error instanceof Error ? error.message : String(error);
    state.failure = {
      file: state.path,
      severity: 'error',
      ...(expected ?? { message: message.split('\n', 1)[0] ?? message }),
    };
    this.#events.log(
      expected === undefined ? 'error' : 'warn',
      problemText({ lineStarts: {} }, state.failure),
    );
    if (expected === undefined && error instanceof Error) this.#events.log('debug', error.stack ?? message);
    this.touch(state);
  }

  async #measure(state: FileState, signal: AbortSignal, asked: boolean): Promise<void> {
    const started = Date.now();
    const work = (detail: string): void => {
      if (!signal.aborted) this.working(state, { kind: 'measuring', since: started, detail });
    };
    try {
      const text = await this.#text(state, asked);
      const request = await this.requests.of(state, text);
      work('measuring');
      const set = await inspectWithin(
        this.host.use(this.requests.choice()),
        request,
        signal,
        this.#parts.patienceMs(this.requests.settings.budgetSeconds),
        (progress) => work(progressText(progress)),
        () => this.host.end(),
      );
      state.measured = { text: text ?? null, set, at: Date.now() };
      state.outdated = false;
      state.moves = [];
      state.failure = undefined;
      const findings = set.reports.flatMap((report) => report.findings);
      this.#events.log('info', `${state.path}: ${countsText(findings)} in ${Date.now() - started} ms`);
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError) return;
      this.#fail(state, error);
      this.host.end();
    }
  }
}
