import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../model/problem.ts';
import { type Hello, parseReply, PROBE_PROTOCOL, type Reply, type Request } from './messages.ts';

/** How a probe is started. */
interface ProbeOptions {
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

/** What the interpreter runs: the probe's package, from the folder given as its argument. */
export const PROBE_START =
  'import sys,runpy; sys.path.insert(0, sys.argv[1]); sys.argv[1:] = []; runpy.run_module("initscope_probe", run_name="__main__")';

/** The variables a probe runs under, besides the user's own. */
export function probeEnvironment(folder: string): Readonly<Record<string, string>> {
  return {
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

/** Splits a stream into lines; what has no end yet waits. */
export function lines(onLine: (line: string) => void): (chunk: Buffer) => void {
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

/** The two ends of a probe's stdio, wherever it runs. */
export interface ProbeLink {
  send(line: string): void;
  /** Ends it at once. */
  end(): void;
  /** Hears every line it writes, and once how it ended, with what it last said otherwise. */
  listen(onLine: (line: string) => void, onEnd: (how: string, said: string) => void): void;
}

/** A probe as a process of this machine, in a process group of its own. */
function processLink(options: ProbeOptions): ProbeLink {
  const { interpreter, probeFolder, cwd } = options;
  const folder = mkdtempSync(join(tmpdir(), 'initscope-'));
  const child: ChildProcess = spawn(interpreter, ['-X', 'utf8', '-u', '-c', PROBE_START, probeFolder], {
    cwd,
    env: { ...options.env, ...probeEnvironment(folder) },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    detached: process.platform !== 'win32',
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-4000)));
  child.stdin?.on('error', () => undefined);
  return {
    send: (line) => child.stdin?.write(`${line}\n`),
    end: () => endGroup(child),
    listen: (onLine, onEnd) => {
      child.stdout?.on('data', lines(onLine));
      const gone = (how: string, last = said) => {
        rmSync(folder, { recursive: true, force: true });
        onEnd(how, last);
      };
      child.once('error', (error) =>
        gone(`The Python interpreter ${interpreter} cannot be started: ${error.message}`, ''),
      );
      child.once('close', (code, signal) =>
        gone(`The Python process ${signal === null ? `ended with code ${code}` : `was ended by ${signal}`}`),
      );
    },
  };
}

/** Kills a process and those it started. */
export function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** Starts a probe. Faults of the interpreter (gone, too old, banners instead of messages) are InputErrors in one line. */
export function startProbe(options: ProbeOptions, link: ProbeLink = processLink(options)): Probe {
  const { interpreter, silenceMs } = options;
  let alive = true;
  let waiting: Waiting | undefined;
  let banner = '';
  let timer: NodeJS.Timeout | undefined;
  let failure: Error | undefined;

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
      link.end();
    }, silenceMs);
  };
  const hear = (line: string): void => {
    const reply = parseReply(line);
    if (reply === undefined) {
      if (line.trim() !== '') banner = line.slice(0, 400);
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
  };
  const exited = new Promise<void>((resolve) =>
    link.listen(hear, (how, said) => {
      alive = false;
      const last = (said === '' ? banner : said).trim().split('\n').at(-1) ?? '';
      fail(new InputError({ message: last === '' ? `${how}.` : `${how}: ${last.slice(0, 200)}.` }));
      resolve();
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
      link.end();
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const answer = next(onProgress);
      link.send(JSON.stringify(request));
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
      link.end();
      await exited;
    },
  };
}
