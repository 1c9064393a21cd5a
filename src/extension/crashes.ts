import { WAITING, type ModelStatus } from '../protocol/status.ts';

/** Ends of the server within this time count as one series of crashes. */
const SERIES_MS = 3 * 60_000;
const MOST_RESTARTS = 4;
/** So often may the server end while it works on a file before the file is left alone. */
const MOST_ENDS = 2;

/** The unexpected ends of the server: whether it is started again, and which files it had better leave alone. */
export class Crashes {
  #times: number[] = [];
  readonly #ends = new Map<string, number>();

  /** Files in whose work the server ended again and again. */
  get leaveAlone(): readonly string[] {
    return [...this.#ends].filter(([, ends]) => ends >= MOST_ENDS).map(([uri]) => uri);
  }

  /** The server ended at `now` (milliseconds since the epoch), when this was known of the files. Returns why it is not started again, if it is not. */
  ended(now: number, statuses: Iterable<ModelStatus>): string | undefined {
    const working = [...statuses].filter(({ since }) => since !== undefined);
    // Files are read beside what is measured, in no time: a measurement is the likelier cause.
    const measuring = working.filter(({ state, detail }) => state === 'measuring' && detail !== WAITING);
    for (const { uri } of measuring.length > 0 ? measuring : working)
      this.#ends.set(uri, (this.#ends.get(uri) ?? 0) + 1);
    this.#times = [...this.#times.filter((time) => time >= now - SERIES_MS), now];
    if (this.#times.length <= MOST_RESTARTS) return undefined;
    return `The server ended ${this.#times.length} times within three minutes and is not started again. Initscope: Restart Server starts it; the log says more.`;
  }

  /** A person wants a new start: nothing is held against any file. */
  forget(): void {
    this.#times = [];
    this.#ends.clear();
  }
}
