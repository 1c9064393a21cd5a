import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

/** A PyTorch process that keeps one network ready and runs it when asked. */
export interface TorchRunner {
  readonly version: string;
  /** Milliseconds of `tapped N`, `bare N` (N passes) or `seeds N`, of the processor and of the clock; of `memory` kB instead. */
  run(what: string): Promise<{ readonly processor: number; readonly clock: number }>;
  /** Resolves when the process is gone: what is measured next as time of ended children is not its own. */
  close(): Promise<void>;
}

/** The script and its interpreter; null without `npm run oracles`. */
export function torchCommand(): { python: string; script: string } | null {
  const python = oraclePython('torch');
  return python === null ? null : { python, script: inRepo('tests', 'bench', 'torch_bench.py') };
}

/** Environment of a PyTorch process with this many threads. */
export function torchEnv(threads: number): NodeJS.ProcessEnv {
  const count = String(threads);
  return { ...oracleEnv, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count };
}

/** Starts PyTorch with a network of `torch_nets.py`; null without the oracle. */
export async function torchRunner(name: string, batch: number, threads: number): Promise<TorchRunner | null> {
  const command = torchCommand();
  if (command === null) return null;
  const args = [command.script, 'serve', name, String(batch), String(threads)];
  const child = spawn(command.python, args, {
    env: torchEnv(threads),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`PyTorch ended while it ran ${name}.`);
    return String(value);
  };
  const [, version = ''] = (await next()).split(' ');
  return {
    version,
    run: async (what) => {
      child.stdin.write(`${what}\n`);
      const [processor = NaN, clock = NaN] = (await next())
        .split(' ')
        .map((seconds) => Number(seconds) * 1000);
      return { processor, clock };
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
