import type { InspectAnswer } from '../protocol/lsp.ts';
import { isArchive, isPython } from '../protocol/candidate.ts';
import { FileState } from './fileState.ts';
import { inspectAnswer } from './inspectAnswer.ts';
import { FileWork, PRIORITY, type SessionEvents } from './fileWork.ts';
import type { ServerParts } from './parts.ts';
import { decodeText, pathOf } from './paths.ts';
import { readDelay } from './readDelay.ts';
import { Requests } from './requests.ts';
import type { Settings } from './settings.ts';
import { studyKeys } from './studyWork.ts';
import { Timers } from './timers.ts';
import type { WorkQueue } from './workQueue.ts';

/** All files known to one server, and the work on them. */
export class Session {
  /** Part of every result id, so that a restarted server never takes an old one for its own. */
  readonly id = Math.random().toString(36).slice(2);
  readonly files = new Map<string, FileState>();
  readonly requests: Requests;
  readonly work: FileWork;
  readonly #parts: ServerParts;
  #configsRead: Promise<void> = Promise.resolve();
  readonly #timers = new Timers();

  constructor(parts: ServerParts, events: SessionEvents) {
    this.#parts = parts;
    this.requests = new Requests(parts);
    this.work = new FileWork(parts, this.requests, events);
  }

  get settings(): Settings {
    return this.requests.settings;
  }

  get queue(): WorkQueue {
    return this.work.queue;
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
    state.opened({ text, version, languageId });
    this.work.touch(state);
    this.#measureWhenRead(state, false);
  }

  /** A document was edited: its measurement stops, its results are stale at once, it is read again after a pause. */
  edited(uri: string, languageId: string, version: number, text: string): void {
    const state = this.state(uri);
    state.edited({ text, version, languageId });
    this.queue.cancel(uri);
    this.work.touch(state);
    this.#timers.later(uri, readDelay(state), () => {
      void this.work.read(state).then(async () => {
        if (state.apart) await this.#lookAtDisk(state);
        if (this.settings.run === 'onType' && state.open?.text === text && state.fresh === undefined)
          this.#timers.later(uri, this.settings.typingDelayMs, () => {
            void this.work.enqueue(state, PRIORITY.opened);
          });
      });
    });
  }

  /** A document was saved: measured, unless its results are of this very text. */
  saved(uri: string): void {
    const state = this.files.get(uri);
    if (state?.open === undefined) return;
    this.#timers.cancel(uri);
    state.cleared = false;
    state.apart = false;
    state.leftAlone = false;
    this.#measureWhenRead(state, true);
  }

  /** Somebody looks at a document: it is pulled, and no longer published. */
  looked(state: FileState): void {
    if (!state.background) return;
    state.background = false;
    this.work.touch(state);
  }

  /** A document was closed: its work stops, and what was known of it is forgotten, unless it was only inspected with its workspace. */
  closed(uri: string): void {
    const state = this.files.get(uri);
    if (state === undefined) return;
    if (state.background && state.fresh !== undefined && state.open !== undefined) {
      state.open = undefined;
      this.work.touch(state);
      return;
    }
    this.#timers.cancel(uri);
    this.stop(uri);
    this.files.delete(uri);
    state.open = undefined;
    state.cleared = true;
    this.work.touch(state);
  }

  /** Stops all that is being done for a file: its measurement and the longer work on it. What is known of it stays. */
  stop(uri: string): void {
    this.queue.cancel(uri);
    for (const key of studyKeys(uri)) this.queue.cancel(key);
  }

  /** Measures one file now; resolves with one line for whoever asked. The signal cancels it. */
  async inspect(uri: string, signal: AbortSignal, priority: number = PRIORITY.asked): Promise<InspectAnswer> {
    const state = this.state(uri);
    state.cleared = false;
    state.tryAgain();
    const stop = (): void => this.queue.cancel(uri);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const asked = priority === PRIORITY.asked;
      if (asked) await this.configsChanged(state);
      await this.work.read(state, true, asked);
      const runs = this.work.runsPython(state, priority);
      if (state.failure === undefined && (runs || state.reading?.content.models.length !== 0))
        await this.work.enqueue(state, priority);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (signal.aborted) return { ok: false, message: 'Cancelled.', stopped: true };
    return inspectAnswer(state);
  }

  /** Reads a file, which a person asked for, without measuring it. */
  async readOnly(uri: string): Promise<void> {
    await this.work.read(this.state(uri), true, true);
  }

  /**
   * News of a file on disk: when it is no longer the one that was read, what is known of it is forgotten, and read again if it was
   * measured. News may come late, after the file was read as it is now, and is then none. An open document is measured once it shows
   * what someone else (git) wrote.
   */
  async changedOnDisk(uri: string): Promise<void> {
    const state = this.files.get(uri);
    if (state === undefined) return;
    if (state.open !== undefined) return this.#lookAtDisk(state);
    const stamp = await this.#parts.stampOf(state.path);
    if (this.files.get(uri) !== state || state.open !== undefined) return;
    if (state.stamp === undefined || state.stamp === stamp) return;
    // Python is not run again because its file was saved.
    if (isPython(state.path)) {
      this.outdated(uri);
      return;
    }
    const again = stamp !== '' && (state.measured !== undefined || this.queue.has(uri));
    this.closed(uri);
    if (again) this.#inspectAgain(uri, PRIORITY.scan);
  }

  /** We wrote this file ourselves: what was known of it is forgotten, and it is measured again. */
  replaced(uri: string): void {
    this.closed(uri);
    this.#inspectAgain(uri, PRIORITY.opened);
  }

  /** What was measured of a file that is no open document is no longer what the person sees. */
  outdated(uri: string): void {
    const state = this.files.get(uri);
    if (state?.measured === undefined || state.outdated) return;
    state.outdated = true;
    this.work.touch(state);
  }

  /** Forgets all results; files stay quiet until saved or asked for. */
  clear(): void {
    this.queue.cancelAll();
    for (const state of this.files.values()) {
      state.clear();
      this.work.touch(state);
    }
  }

  /** Reads and, unless that is manual, measures every open file again: a setting or `initscope.json` changed. */
  refreshAll(): void {
    this.requests.configs.clear();
    for (const state of this.files.values()) this.#again(state);
  }

  /**
   * An `initscope.json` may have changed: the files for which it says something else now are read and measured again. One call after
   * the other, so that none stops what an earlier one let begin.
   */
  configsChanged(except?: FileState): Promise<void> {
    this.#configsRead = this.#configsRead.then(async () => {
      const paths = await this.requests.configs.refresh();
      for (const state of this.files.values())
        if (paths.has(state.path) && state !== except) this.#again(state);
    });
    return this.#configsRead;
  }

  /** Shows every file anew: a setting changed that touches no number. */
  showAll(): void {
    for (const state of this.files.values()) this.work.touch(state);
  }

  /** Ends all work and the workers. */
  async dispose(): Promise<void> {
    this.#timers.cancelAll();
    this.queue.cancelAll();
    this.work.host.end();
  }

  /** Everything but the text of this file may differ: its results are stale until it is measured again. */
  #again(state: FileState): void {
    state.outdated = state.measured !== undefined;
    if (state.open === undefined && !state.archive) {
      this.work.touch(state);
      return;
    }
    this.queue.cancel(state.uri);
    this.#measureWhenRead(state, true);
  }

  /** Measures an open document, as if it was saved, when it shows what is on disk and is not measured; looked at again after each edit until it does. */
  async #lookAtDisk(state: FileState): Promise<void> {
    if (isPython(state.path)) return;
    const onDisk = await this.#parts.files.read(state.path).then(decodeText, () => undefined);
    if (this.files.get(state.uri) !== state || state.open === undefined) return;
    state.apart = onDisk !== undefined && state.open.text !== onDisk;
    const waits = state.fresh === undefined && !state.cleared && !this.queue.has(state.uri);
    if (!state.apart && onDisk !== undefined && waits) this.saved(state.uri);
  }

  /** Unless it is left alone, was closed or cleared meanwhile, or is measured already. */
  #measureWhenRead(state: FileState, final: boolean): void {
    if (state.leftAlone) return;
    void this.work.read(state, final).then(() => {
      if (this.settings.run !== 'manual' && !state.cleared && state.fresh === undefined)
        void this.work.enqueue(state, PRIORITY.opened);
    });
  }

  #inspectAgain(uri: string, priority: number): void {
    void this.inspect(uri, new AbortController().signal, priority);
  }
}
