import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../model/problem.ts';
import { endGroup, lines, PROBE_START, probeEnvironment, type ProbeLink } from './link.ts';

/** Ray is not installed, cannot be reached, or left. */
export class RayError extends InputError {}

/** Where probes are spread over Ray. */
interface RayOptions {
  readonly interpreter: string;
  readonly probeFolder: string;
  /** A cluster's address; a cluster of this machine alone when absent. */
  readonly address?: string;
  /** Workers to use at most; every core of the cluster when absent. */
  readonly workers?: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the driver, whether or not it is ready. */
  readonly signal: AbortSignal;
}

/** A Ray cluster that was reached. */
export interface RayCluster {
  /** Probes that may work at once. */
  readonly slots: number;
  /** What it is, in words. */
  readonly about: string;
  /** A probe on one of its workers; `cwd` is the folder it starts in, where the worker has that folder. */
  open(cwd: string): ProbeLink;
  close(): Promise<void>;
}

type Said =
  | { readonly type: 'ready'; readonly slots: number; readonly version: string; readonly nodes: number }
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'line'; readonly probe: number; readonly line: string }
  | { readonly type: 'closed'; readonly probe: number; readonly code: number | null; readonly said: string };

interface Heard {
  readonly onLine: (line: string) => void;
  readonly onEnd: (how: string, said: string) => void;
}

/** A driver that has not left by then is killed with all it started. */
const CLOSE_MS = 8000;
const DRIVE =
  'import sys; sys.path.insert(0, sys.argv.pop(1)); from initscope_probe.ray_driver import main; main()';

/**
 * Joins a Ray cluster, or starts one on this machine, through a driver in the user's interpreter. Rejects with a RayError in one line
 * where Ray is not installed or cannot be reached. Everything it started ends with it, and with this process.
 */
export function startRay(options: RayOptions): Promise<RayCluster> {
  const { interpreter, probeFolder, address = '', env } = options;
  const workers = options.workers ?? (address === '' ? availableParallelism() : 0);
  const folder = mkdtempSync(join(tmpdir(), 'ir-'));
  const args = ['-X', 'utf8', '-u', '-c', DRIVE, probeFolder, address, String(workers), folder];
  const child = spawn(interpreter, args, {
    env: { ...env, PYTHONDONTWRITEBYTECODE: '1', RAY_USAGE_STATS_ENABLED: '0', CUDA_VISIBLE_DEVICES: '-1' },
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
    detached: process.platform !== 'win32',
  });
  const probes = new Map<number, Heard>();
  let count = 0;
  let left = false;
  child.stdin.on('error', () => undefined);
  const tell = (message: object): void => {
    if (!left) child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  const exited = new Promise<void>((resolve) => {
    const gone = (): void => {
      left = true;
      rmSync(folder, { recursive: true, force: true });
      for (const { onEnd } of probes.values()) onEnd('Ray’s driver ended', '');
      probes.clear();
      resolve();
    };
    child.once('error', gone);
    child.once('close', gone);
  });
  const close = async (): Promise<void> => {
    child.stdin.end();
    const timer = setTimeout(() => endGroup(child), CLOSE_MS);
    await exited;
    clearTimeout(timer);
  };
  options.signal.addEventListener('abort', () => void close(), { once: true });
  const open = (cwd: string): ProbeLink => {
    const probe = ++count;
    return {
      send: (line) => tell({ type: 'send', probe, line }),
      end: () => {
        tell({ type: 'kill', probe });
        const heard = probes.get(probe);
        probes.delete(probe);
        heard?.onEnd('The Python process was ended', '');
      },
      listen: (onLine, onEnd) => {
        probes.set(probe, { onLine, onEnd });
        tell({ type: 'open', probe, start: PROBE_START, cwd, environment: probeEnvironment('') });
      },
    };
  };
  return new Promise((resolve, reject) => {
    const hear = (said: Said): void => {
      switch (said.type) {
        case 'ready': {
          const where = address === '' ? 'this machine' : `${address}, ${said.nodes} nodes`;
          const about = `Ray ${said.version} (${where}): ${said.slots} workers`;
          resolve({ slots: said.slots, about, open, close });
          return;
        }
        case 'error':
          reject(new RayError({ message: said.message }));
          return;
        case 'line':
          probes.get(said.probe)?.onLine(said.line);
          return;
        case 'closed':
          probes.get(said.probe)?.onEnd(`The Python process ended with code ${said.code ?? '?'}`, said.said);
          probes.delete(said.probe);
      }
    };
    child.stdout.on(
      'data',
      lines((line) => hear(JSON.parse(line) as Said)),
    );
    child.once('error', (error) =>
      reject(new RayError({ message: `${interpreter} cannot be started: ${error.message}` })),
    );
    void exited.then(() => reject(new RayError({ message: 'Ray’s driver ended before it was ready.' })));
  });
}
