import { TextDocument } from 'vscode-languageserver-textdocument';
import type { InspectRequest, Inspector, StaticReading } from '../inspect/inspector.ts';
import type { Change, EditResult } from '../model/change.ts';
import type { InspectAnswer } from '../protocol/lsp.ts';
import { isArchive, isPython } from '../protocol/candidate.ts';
import { ConfigCache } from './configCache.ts';
import { EngineHost } from './engineHost.ts';
import { FileState, type Reading, type Study, type Work } from './fileState.ts';
import { inspectWithin, progressText } from './measure.ts';
import type { EngineChoice, ServerParts } from './parts.ts';
import { decodeText, pathOf } from './paths.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { countsText } from './statusText.ts';
import { CancelledError, WorkQueue } from './workQueue.ts';

/** Pause after a key stroke before the text is read again. */
const READ_DELAY_MS = 120;

/** Where a job stands in the queue: what a person asked for goes before what was opened, that before a scan. */
export const PRIORITY = { asked: 10, opened: 0, scan: -10 } as const;

/** The key in the queue of longer work on a file. */
function studyKey(uri: string): string {
  return `study:${uri}`;
}

/** What a session tells whoever shows it. */
export interface SessionEvents {
  /** Something about this file is different: status, diagnostics, lenses. */
  changed(state: FileState): void;
  /** Detail for the log; never shown by itself. */
  log(level: 'info' | 'warn' | 'error', text: string): void;
}

/** All files known to one server, and the work on them. */
export class Session {
  settings: Settings = DEFAULT_SETTINGS;
  trusted = true;
  nativeFolder: string | undefined;
  /** The interpreter that the person's editor has chosen for Python. */
  interpreter: string | undefined;
  /** Part of every result id, so that a restarted server never takes an old one for its own. */
  readonly id = Math.random().toString(36).slice(2);
  readonly files = new Map<string, FileState>();
  readonly queue: WorkQueue;
  readonly configs: ConfigCache;
  readonly #parts: ServerParts;
  readonly #events: SessionEvents;
  readonly #host: EngineHost;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(parts: ServerParts, events: SessionEvents) {
    this.#parts = parts;
    this.#events = events;
    this.#host = new EngineHost(parts.openEngine);
    this.queue = new WorkQueue(() => this.#host.endWhenIdle(this.settings.idleMinutes));
    this.configs = new ConfigCache(parts.projectConfig);
  }

  /** The state of a file, made when it is first named. */
  state(uri: string): FileState {
    let state = this.files.get(uri);
    if (state === undefined) {
      const path = pathOf(uri);
      state = new FileState(uri, path, isArchive(path));
      this.files.set(uri, state);
    }
    return state;
  }

  /** A document was opened: read at once, then measured unless that is manual. */
  opened(uri: string, languageId: string, version: number, text: string): void {
    const state = this.state(uri);
    state.open = { text, version, languageId };
    state.cleared = false;
    this.#touch(state);
    void this.#read(state).then(() => {
      if (this.settings.run !== 'manual' && state.fresh === undefined)
        void this.#enqueue(state, PRIORITY.opened);
    });
  }

  /** A document was edited: its measurement stops, its results are stale at once, it is read again after a pause. */
  edited(uri: string, languageId: string, version: number, text: string): void {
    const state = this.state(uri);
    state.open = { text, version, languageId };
    state.failure = undefined;
    this.queue.cancel(uri);
    state.work = undefined;
    this.#touch(state);
    this.#later(uri, READ_DELAY_MS, () => {
      void this.#read(state).then(() => {
        if (this.settings.run === 'onType' && state.open?.text === text && state.fresh === undefined)
          this.#later(uri, this.settings.typingDelayMs, () => void this.#enqueue(state, PRIORITY.opened));
      });
    });
  }

  /** A document was saved: measured, unless its results are of this very text. */
  saved(uri: string): void {
    const state = this.files.get(uri);
    if (state?.open === undefined) return;
    clearTimeout(this.#timers.get(uri));
    state.cleared = false;
    void this.#read(state, true).then(() => {
      if (this.settings.run !== 'manual' && state.fresh === undefined)
        void this.#enqueue(state, PRIORITY.opened);
    });
  }

  /** A document was closed: its work stops; nothing of it is kept but what a scan found. */
  closed(uri: string): void {
    const state = this.files.get(uri);
    if (state === undefined) return;
    clearTimeout(this.#timers.get(uri));
    this.queue.cancel(uri);
    this.queue.cancel(studyKey(uri));
    this.files.delete(uri);
    state.open = undefined;
    state.cleared = true;
    this.#touch(state);
  }

  /** Measures one file now; resolves with one line for whoever asked. The signal cancels it. */
  async inspect(uri: string, signal: AbortSignal, priority: number = PRIORITY.asked): Promise<InspectAnswer> {
    const state = this.state(uri);
    state.cleared = false;
    state.failure = undefined;
    const stop = (): void => this.queue.cancel(uri);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#read(state, true);
      const runs = this.#runsPython(state, priority);
      if (state.failure === undefined && (runs || state.reading?.content.models.length !== 0))
        await this.#enqueue(state, priority);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (signal.aborted) return { ok: false, message: 'Cancelled.' };
    return this.#answer(state);
  }

  /**
   * Longer work on one file that a person asked for, in the queue and apart from the file's own measurement: an edit does not
   * stop it, the signal and closing the file do. Gives the result with the text it belongs to; undefined when stopped.
   */
  async study<T>(
    uri: string,
    signal: AbortSignal,
    act: (inspector: Inspector, request: InspectRequest, signal: AbortSignal) => Promise<T>,
  ): Promise<Study<T> | undefined> {
    const state = this.state(uri);
    const text = await this.#text(state);
    const request = await this.#request(state, text);
    if (signal.aborted) return undefined;
    const key = studyKey(uri);
    const stop = (): void => this.queue.cancel(key);
    signal.addEventListener('abort', stop, { once: true });
    let done: Study<T> | undefined;
    let failed: { readonly error: unknown } | undefined;
    await this.queue.add(key, PRIORITY.asked, async (own) => {
      try {
        const set = await act(this.#host.use(this.#choice()), request, own);
        done = { text: text ?? null, set };
      } catch (error) {
        if (!own.aborted) failed = { error };
      } finally {
        state.work = undefined;
        this.#touch(state);
      }
    });
    signal.removeEventListener('abort', stop);
    if (failed !== undefined) throw failed.error;
    return done;
  }

  /** Shows what is being done for a file. */
  working(uri: string, work: Work): void {
    const state = this.state(uri);
    state.work = work;
    this.#events.changed(state);
  }

  /** These changes as edits of the file's present text; nothing is measured. */
  async editOf(state: FileState, modelId: string, changes: readonly Change[]): Promise<EditResult> {
    const request = await this.#request(state, state.open?.text);
    return this.#host.use(this.#choice()).edit(request, modelId, changes);
  }

  /** Reads a file without measuring it. */
  async readOnly(uri: string): Promise<void> {
    await this.#read(this.state(uri), true);
  }

  /** A file was changed by someone else: what is known of it from disk is forgotten, and read again if it was measured. */
  changedOnDisk(uri: string, created: boolean): void {
    const state = this.files.get(uri);
    if (state === undefined || state.open !== undefined) return;
    // The news of a file's creation may come after the first measurement has begun.
    if (created && this.queue.has(uri)) return;
    const again = state.measured !== undefined || this.queue.has(uri);
    this.closed(uri);
    if (again)
      this.#parts.files.exists(pathOf(uri)).then(
        (exists) => {
          if (exists) void this.inspect(uri, new AbortController().signal, PRIORITY.scan);
        },
        () => {},
      );
  }

  /** Forgets all results; files stay quiet until saved or asked for. */
  clear(): void {
    this.queue.cancelAll();
    for (const state of this.files.values()) {
      state.measured = undefined;
      state.comparison = undefined;
      state.probe = undefined;
      state.failure = undefined;
      state.work = undefined;
      state.cleared = true;
      this.#touch(state);
    }
  }

  /** Reads and, unless that is manual, measures every open file again: a setting or `initscope.json` changed. */
  refreshAll(): void {
    this.configs.clear();
    for (const state of this.files.values()) {
      state.measured = undefined;
      if (state.open === undefined && !state.archive) continue;
      this.queue.cancel(state.uri);
      void this.#read(state, true).then(() => {
        if (this.settings.run !== 'manual' && !state.cleared) void this.#enqueue(state, PRIORITY.opened);
      });
    }
  }

  /** Shows every file anew: a setting changed that touches no number. */
  showAll(): void {
    for (const state of this.files.values()) this.#touch(state);
  }

  /** Ends all work and the workers. */
  async dispose(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.queue.cancelAll();
    this.#host.end();
  }

  #choice(): EngineChoice {
    const { backend, workers } = this.settings;
    const native = this.trusted ? this.nativeFolder : undefined;
    const allowed = !this.trusted && backend === 'tensorflow' ? 'auto' : backend;
    return {
      backend: allowed,
      workers,
      trusted: this.trusted,
      ...(native === undefined ? {} : { nativeFolder: native }),
      ...(this.interpreter === undefined ? {} : { interpreter: this.interpreter }),
    };
  }

  /** Python runs only when a person asked for this file in a trusted workspace. */
  #runsPython(state: FileState, priority: number): boolean {
    return isPython(state.path) && this.trusted && priority === PRIORITY.asked;
  }

  #later(uri: string, milliseconds: number, act: () => void): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.set(uri, setTimeout(act, milliseconds));
  }

  #touch(state: FileState): void {
    state.revision++;
    this.#events.changed(state);
  }

  async #request(state: FileState, text: string | undefined): Promise<InspectRequest> {
    const { config, options, data } = await this.configs.of(state.path);
    const { budgetSeconds, backend } = this.settings;
    const files = this.trusted ? config.files : config.files.map(({ data: _data, ...rest }) => rest);
    return {
      path: state.path,
      ...(text === undefined ? {} : { text }),
      options: this.trusted ? options : { ...options, allowEvaluation: false },
      backend: !this.trusted && backend === 'tensorflow' ? 'auto' : backend,
      budgetSeconds,
      config: { ...config, files },
      ...(data === undefined || !this.trusted ? {} : { data }),
      distributions: true,
    };
  }

  /** The text to read: the open document's, else the file's; undefined for archives. Throws in one line what is wrong. */
  async #text(state: FileState): Promise<string | undefined> {
    const limit = this.settings.maxFileMegabytes * 1e6;
    if (state.open !== undefined) {
      if (state.open.text.length > limit) throw new Error(this.#tooLarge(state.open.text.length));
      return state.open.text;
    }
    if (state.archive) return undefined;
    const size = await this.#parts.files.size(state.path);
    if (size > Math.max(limit, 50e6)) throw new Error(this.#tooLarge(size));
    return decodeText(await this.#parts.files.read(state.path));
  }

  #tooLarge(size: number): string {
    return `The file has ${Math.round(size / 1e6)} MB; files above ${this.settings.maxFileMegabytes} MB are not read (setting initscope.maxFileSize.megabytes).`;
  }

  /** Reads the present text. A text that cannot be read while it is being typed leaves the last reading, unless `final`. */
  async #read(state: FileState, final = false): Promise<void> {
    const version = state.open?.version;
    try {
      const text = await this.#text(state);
      if (state.reading !== undefined && state.reading.text === text && !final) return;
      const inspector: Inspector = this.#host.use(this.#choice());
      const content = await inspector.readStatic(await this.#request(state, text));
      if (state.open?.version !== version) return;
      this.#accept(state, content, text ?? content.virtualText ?? '', final);
    } catch (error) {
      if (state.open?.version !== version) return;
      this.#fail(state, error);
    } finally {
      if (this.queue.idle) this.#host.endWhenIdle(this.settings.idleMinutes);
    }
  }

  #accept(state: FileState, content: StaticReading, text: string, final: boolean): void {
    const unreadable =
      content.models.length === 0 && content.problems.some(({ severity }) => severity === 'error');
    state.holding = unreadable && !final && (state.reading?.content.models.length ?? 0) > 0;
    if (!state.holding) {
      const document = TextDocument.create(state.uri, 'json', 0, text);
      state.reading = { text, document, content } satisfies Reading;
    }
    this.#touch(state);
  }

  #fail(state: FileState, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    state.failure = message.split('\n', 1)[0] ?? message;
    this.#events.log(
      'error',
      `${state.path}: ${error instanceof Error ? (error.stack ?? message) : message}`,
    );
    this.#touch(state);
  }

  #enqueue(state: FileState, priority: number): Promise<void> {
    const executable =
      state.reading === undefined || state.reading.content.models.some(({ spec }) => spec.executable);
    if (isPython(state.path) ? !this.#runsPython(state, priority) : !executable) return Promise.resolve();
    state.work = { kind: 'measuring', since: Date.now(), detail: 'waiting for the workers' };
    this.#events.changed(state);
    return this.queue
      .add(state.uri, priority, (signal) => this.#measure(state, signal))
      .finally(() => {
        if (this.queue.has(state.uri)) return;
        state.work = undefined;
        this.#touch(state);
      });
  }

  async #measure(state: FileState, signal: AbortSignal): Promise<void> {
    const started = Date.now();
    const work = (detail: string): void => {
      if (signal.aborted) return;
      state.work = { kind: 'measuring', since: started, detail };
      this.#events.changed(state);
    };
    try {
      const text = await this.#text(state);
      const request = await this.#request(state, text);
      work('measuring');
      const set = await inspectWithin(
        this.#host.use(this.#choice()),
        request,
        signal,
        this.#parts.patienceMs(this.settings.budgetSeconds),
        (progress) => work(progressText(progress)),
        () => this.#host.end(),
      );
      state.measured = { text: text ?? null, set, at: Date.now() };
      state.failure = undefined;
      const findings = set.reports.flatMap((report) => report.findings);
      this.#events.log('info', `${state.path}: ${countsText(findings)} in ${Date.now() - started} ms`);
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError) return;
      this.#fail(state, error);
      this.#host.end();
    }
  }

  #answer(state: FileState): InspectAnswer {
    if (state.failure !== undefined) return { ok: false, message: state.failure };
    const { content } = state.reading ?? {};
    const error = state.fresh?.errors[0] ?? content?.problems.find(({ severity }) => severity === 'error');
    const reports = state.reports;
    if (reports.length > 0)
      return { ok: true, message: reports.map(({ model, verdict }) => `${model}: ${verdict}`).join(' ') };
    const skipped = content?.skipped ?? content?.notAModel ?? state.fresh?.skipped[0]?.reason;
    return { ok: false, message: error?.message ?? skipped ?? 'No model was found in this file.' };
  }
}
