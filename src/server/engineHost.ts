import type { Inspector } from '../inspect/inspector.ts';
import type { EngineChoice, OpenEngine, ServerParts } from './parts.ts';

/** Keeps one engine open while it is needed, and none after it was idle for long. */
export class EngineHost {
  readonly #open: ServerParts['openEngine'];
  #engine: OpenEngine | undefined;
  #choice = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(open: ServerParts['openEngine']) {
    this.#open = open;
  }

  /** The inspector for this choice, opened now if need be; postpones the idle shutdown. */
  use(choice: EngineChoice): Inspector {
    clearTimeout(this.#timer);
    const key = JSON.stringify(choice);
    if (this.#engine !== undefined && key !== this.#choice) this.end();
    this.#choice = key;
    this.#engine ??= this.#open(choice);
    return this.#engine.inspector;
  }

  /** Ends the workers after this many minutes without `use`. */
  endWhenIdle(minutes: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), minutes * 60_000);
    this.#timer.unref();
  }

  /** Ends the workers now; the next `use` opens new ones. */
  end(): void {
    clearTimeout(this.#timer);
    const engine = this.#engine;
    this.#engine = undefined;
    engine?.dispose().catch(() => {});
  }
}
