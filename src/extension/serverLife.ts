import type { App } from './app.ts';
import type { Client } from './client.ts';
import { Crashes } from './crashes.ts';

/** The one server of a window: started when it is first asked for, started again when it ends by itself, replaced on demand. Never two at a time. */
export class ServerLife {
  readonly crashes = new Crashes();
  readonly #app: App;
  #client: Promise<Client> | undefined;
  #made: Client | undefined;
  #running: Client | undefined;
  #module: string | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  /** The client of the server that has answered; none while it starts or is gone. */
  get running(): Client | undefined {
    return this.#running;
  }

  /** Whether the server was ever asked for. */
  get wanted(): boolean {
    return this.#client !== undefined;
  }

  /** The running server's client, started now if need be. Rejects when it cannot start, or ended too often. */
  client(): Promise<Client> {
    this.#client ??= this.#start(Promise.resolve());
    return this.#client;
  }

  /** Ends the server, also one that only starts, and starts it anew with everything that is open. */
  async restart(): Promise<void> {
    this.crashes.forget();
    this.#client = this.#start(this.#end());
    await this.#client;
  }

  /** Replaces the server's program and restarts it. */
  async use(module: string | undefined): Promise<void> {
    this.#module = module;
    await this.restart();
  }

  /** Ends the server for good. */
  dispose(): void {
    void this.#end();
  }

  async #end(): Promise<void> {
    const before = this.#client;
    this.#client = undefined;
    this.#running = undefined;
    this.#app.serverEnded();
    await this.#made?.stop();
    // What was asked for and not made yet starts first, and is ended then.
    await before?.catch(() => {});
    await this.#made?.stop();
  }

  #start(after: Promise<void>): Promise<Client> {
    const client = after.then(async () => {
      const { Client: Made } = await import('./client.ts');
      const made = new Made(this.#app, this.#module, () => this.#ended(made));
      this.#made = made;
      await made.start();
      if (this.#client === client) {
        this.#running = made;
        this.#app.serverStarted(made);
      }
      return made;
    });
    client.catch((error: unknown) => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#app.serverFailed(
        `The server did not start: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
    return client;
  }

  #ended(made: Client): void {
    if (this.#made !== made) return;
    this.#running = undefined;
    const failure = this.crashes.ended(Date.now(), this.#app.statuses.values());
    this.#app.serverEnded();
    if (failure === undefined) {
      this.#app.log.warn('The server ended unexpectedly and is started again.');
      this.#client = this.#start(Promise.resolve());
      return;
    }
    this.#client = Promise.reject(new Error(failure));
    this.#client.catch(() => {});
    this.#app.serverFailed(failure);
  }
}
