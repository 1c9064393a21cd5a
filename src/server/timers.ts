/** Timers by key: a later one takes the place of an earlier one of its key. */
export class Timers {
  readonly #pending = new Map<string, NodeJS.Timeout>();

  /** Acts after this pause, unless it is put off again or cancelled. */
  later(key: string, milliseconds: number, act: () => void): void {
    this.cancel(key);
    this.#pending.set(key, setTimeout(act, milliseconds));
  }

  cancel(key: string): void {
    clearTimeout(this.#pending.get(key));
    this.#pending.delete(key);
  }

  cancelAll(): void {
    for (const key of [...this.#pending.keys()]) this.cancel(key);
  }
}
