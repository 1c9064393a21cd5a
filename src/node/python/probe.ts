import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../model/problem.ts';
import { type Hello, parseReply, PROBE_PROTOCOL, type Reply, type Request } from './messages.ts';

/** How a probe is started. */
export interface ProbeOptions {
  readonly interpreter: string;
  /** The folder that holds the package `initscope_probe`. */
  readonly probeFolder: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The probe is killed when it says nothing for so long. */
  readonly silenceMs: number;
}

/** A running probe: one question at a time. */
export interface Probe {
  readonly hello: Promise<Hello>;
  ask(request: Request, signal?: AbortSignal, onProgress?: (reply: Reply) => void): Promise<Reply>;
  alive(): boolean;
  kill(): Promise<void>;
}

const START =
  'import sys,runpy; sys.path.insert(0, sys.argv[1]); sys.argv[1:] = []; runpy.run_module("initscope_probe", run_name="__main__")';

function environment(env: ProbeOptions['env'], folder: string): NodeJS.ProcessEnv {
  return {
    ...env,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONIOENCODING: 'utf-8',
    TMPDIR: folder,
    TEMP: folder,
    CUDA_VISIBLE_DEVICES: '-1',
    TF_CPP_MIN_LOG_LEVEL: '3',
    MPLBACKEND: 'Agg',
    MPLCONFIGDIR: folder,
    HF_HUB_OFFLINE: '1',
    WANDB_MODE: 'disabled',
    INITSCOPE_TEMP: folder,
  };
}

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((reply: Reply) => void) | undefined;
}

/** Splits a stream into lines; a line that grows past a limit is dropped. */
function lines(onLine: (line: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      onLine(Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8'));
      parts = [];
      from = at + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  };
}

/** Starts a probe. Faults of the interpreter (gone, too old, banners instead of messages) are InputErrors in one line. */
export function startProbe(options: ProbeOptions): Probe {
  const { interpreter, probeFolder, cwd, silenceMs } = options;
  const folder = mkdtempSync(join(tmpdir(), 'initscope-'));
  const child: ChildProcess = spawn(interpreter, ['-X', 'utf8', '-u', '-c', START, probeFolder], {
    cwd,
    env: environment(options.env, folder),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    detached: process.platform !== 'win32',
  });
  let alive = true;
  let waiting: Waiting | undefined;
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  let failure: Error | undefined;

  const end = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      if (process.platform === 'win32') child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  };
  const fail = (error: Error): void => {
    failure ??= error;
    clearTimeout(timer);
    const { reject } = waiting ?? {};
    waiting = undefined;
    reject?.(error);
  };
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      fail(
        new InputError({
          message: `The Python process said nothing for ${Math.round(silenceMs / 1000)} s and was ended.`,
          hint: 'A statement of the file may hang: --model NAME looks at one model only.',
        }),
      );
      end();
    }, silenceMs);
  };
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      alive = false;
      fail(
        new InputError({
          message: `The Python interpreter ${interpreter} cannot be started: ${error.message}`,
        }),
      );
      resolve();
    });
    child.once('close', (code, signal) => {
      alive = false;
      const last = said.trim().split('\n').at(-1) ?? '';
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      fail(
        new InputError({
          message: `The Python process ${how}${last === '' ? '' : `: ${last.slice(0, 200)}`}.`,
        }),
      );
      resolve();
    });
  });
  void exited.then(() => rmSync(folder, { recursive: true, force: true }));
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-4000)));
  child.stdin?.on('error', () => undefined);
  child.stdout?.on(
    'data',
    lines((line) => {
      const reply = parseReply(line);
      if (reply === undefined) {
        if (line.trim() !== '') said = line.slice(0, 400);
        return;
      }
      if (waiting === undefined) return;
      if (reply.type === 'progress') {
        watch();
        waiting.onProgress?.(reply);
        return;
      }
      clearTimeout(timer);
      const { resolve } = waiting;
      waiting = undefined;
      resolve(reply);
    }),
  );
  const next = (onProgress?: (reply: Reply) => void): Promise<Reply> =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      waiting = { resolve, reject, onProgress };
      watch();
    });
  const hello = next().then((reply): Hello => {
    if (reply.type === 'error') throw new InputError({ message: `${interpreter}: ${reply.message}` });
    if (reply.type !== 'hello' || reply.protocol !== PROBE_PROTOCOL)
      throw new InputError({ message: `${interpreter} does not run this version's probe.` });
    return reply;
  });
  hello.catch(() => undefined);
  let queue: Promise<unknown> = hello.catch(() => undefined);

  const askNow = async (
    request: Request,
    signal: AbortSignal | undefined,
    onProgress: ((reply: Reply) => void) | undefined,
  ): Promise<Reply> => {
    signal?.throwIfAborted();
    const stop = (): void => {
      fail(new DOMException('The measurement was cancelled.', 'AbortError'));
      end();
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const answer = next(onProgress);
      child.stdin?.write(`${JSON.stringify(request)}\n`);
      return await answer;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  };
  return {
    hello,
    alive: () => alive && failure === undefined,
    ask: (request, signal, onProgress) => {
      const answer = queue.then(() => askNow(request, signal, onProgress));
      queue = answer.catch(() => undefined);
      return answer;
    },
    kill: async () => {
      clearTimeout(timer);
      end();
      await exited;
    },
  };
}
