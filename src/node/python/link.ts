import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** What an interpreter runs, besides its usual options and variables. */
interface Program {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A probe as a process of this machine, in a process group of its own. */
export function processLink(
  options: ProbeOptions,
  { args, env }: Program = { args: ['-c', PROBE_START, options.probeFolder] },
): ProbeLink {
  const { interpreter, cwd } = options;
  const folder = mkdtempSync(join(tmpdir(), 'initscope-'));
  const child: ChildProcess = spawn(interpreter, ['-X', 'utf8', '-u', ...args], {
    cwd,
    env: { ...options.env, ...probeEnvironment(folder), ...env },
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
