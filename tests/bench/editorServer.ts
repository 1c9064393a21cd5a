import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { SERVER_FLAGS } from '../../src/protocol/serverFlags.ts';
import type { ModelStatus } from '../../src/protocol/status.ts';
import { inRepo } from '../support/root.ts';

/** The language server as an editor starts it. */
export class EditorServer {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #waiting = new Set<(status: ModelStatus) => void>();
  #version = 1;

  private constructor(child: ChildProcess, connection: MessageConnection) {
    this.#child = child;
    this.#connection = connection;
  }

  /** Starts it with these settings and more of an environment; resolves when it has answered. */
  static async start(settings: object, env: NodeJS.ProcessEnv = {}): Promise<EditorServer> {
    const child = spawn(process.execPath, [...SERVER_FLAGS, inRepo('dist', 'server.cjs'), '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const server = new EditorServer(child, connection);
    connection.onNotification('initscope/status', (status: ModelStatus) => {
      for (const waiting of server.#waiting) waiting(status);
    });
    connection.onRequest('workspace/configuration', () => [settings]);
    connection.onRequest(() => null);
    connection.listen();
    const capabilities = { workspace: { configuration: true }, textDocument: { diagnostic: {} } };
    await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities });
    await connection.sendNotification('initialized', {});
    return server;
  }

  /** Resident memory in MB, the workers' included: they are threads. */
  get megabytes(): number {
    const pages = Number(readFileSync(`/proc/${this.#child.pid}/statm`, 'utf8').split(' ')[1]);
    return (pages * 4096) / 1e6;
  }

  /** Milliseconds of the processor so far, in steps of 10. */
  get cpuMs(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  open(uri: string, text: string): void {
    const textDocument = { uri, languageId: 'json', version: this.#version, text };
    void this.#connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Types at the end of the first line. */
  type(uri: string, text: string): void {
    const range = { start: { line: 0, character: 1 }, end: { line: 0, character: 1 } };
    const textDocument = { uri, version: ++this.#version };
    void this.#connection.sendNotification('textDocument/didChange', {
      textDocument,
      contentChanges: [{ range, text }],
    });
  }

  close(uri: string): void {
    void this.#connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** What a pull of diagnostics gives. */
  async pull(uri: string): Promise<number> {
    const answer = await this.#connection.sendRequest<{ readonly items?: readonly unknown[] }>(
      'textDocument/diagnostic',
      { textDocument: { uri } },
    );
    return answer.items?.length ?? 0;
  }

  /** Resolves when a file reaches one of these states. */
  reached(uri: string, ...states: readonly ModelStatus['state'][]): Promise<void> {
    return new Promise((resolve) => {
      const look = (status: ModelStatus): void => {
        if (status.uri !== uri || !states.includes(status.state)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    await this.#connection.sendRequest('shutdown');
    await this.#connection.sendNotification('exit');
    await ended;
    this.#connection.dispose();
  }
}
