import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measurement } from '../../src/model/measurement.ts';
import { createPool } from '../../src/node/pool.ts';
import { inRepo } from '../support/root.ts';
import { planOf, specOf } from './engineRun.ts';
import type { BenchNet } from './nets.ts';
import { median } from './paired.ts';
import { torchCommand, torchEnv, torchRunner } from './torchRun.ts';

/** Ours against PyTorch: milliseconds, and the median of the pairs' ratios. */
export interface AgainstRow {
  readonly row: string;
  readonly ours: number;
  readonly torch: number;
  readonly ratio: number;
  /** Seeds that both sides measured. */
  readonly seeds: number;
}

/** Milliseconds of the processor that a process and its children take from start to end. */
export async function processCost(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const before = childTime();
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code) => (code === null ? reject(new Error(`${command} was ended`)) : resolve()));
  });
  return childTime() - before;
}

/** Processor time of this process's ended children (Linux: fields 16 and 17 of /proc/self/stat, in hundredths of a second). */
function childTime(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** A row of the medians over pairs of (ours, theirs). */
export function row(name: string, seeds: number, times: readonly (readonly [number, number])[]): AgainstRow {
  return {
    row: name,
    seeds,
    ours: median(times.map(([ours]) => ours)),
    torch: median(times.map(([, torch]) => torch)),
    ratio: median(times.map(([ours, torch]) => ours / torch)),
  };
}

/** A command of more milliseconds than this is run once: what the first start fills is not seen in it. */
const LONG = 10_000;

/**
 * The whole command from a cold start to its verdict against a Python script that imports PyTorch, builds the same net and measures as many seeds at the same
 * batch with hooks, by processor time of all threads. Null without the oracle.
 */
export async function commandRow(net: BenchNet, pairs: number): Promise<AgainstRow | null> {
  const torch = torchCommand();
  if (torch === null) return null;
  const folder = mkdtempSync(join(tmpdir(), 'initscope-bench-'));
  const file = join(folder, `${net.name}.json`);
  const out = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(net.file));
  try {
    const args = [inRepo('dist/cli.cjs'), 'inspect', file, '--json', '--no-cache', '--output', out];
    const ours = () => processCost(process.execPath, args, process.env);
    const first = await ours();
    const { batch, seeds } = planRan(out);
    const script = [torch.script, 'once', net.name, String(batch), String(seeds)];
    const theirs = () => processCost(torch.python, script, torchEnv(1));
    const times: [number, number][] = first > LONG ? [[first, await theirs()]] : [];
    while (first <= LONG && times.length < pairs) times.push([await ours(), await theirs()]);
    return row(`${net.title}, batch ${batch}`, seeds, times);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Batch and number of seeds that a report says were measured. */
export function planRan(file: string): { batch: number; seeds: number } {
  const set = JSON.parse(readFileSync(file, 'utf8')) as {
    reports: { plan: { batch: number; seeds: readonly number[] } }[];
  };
  const { batch, seeds } = set.reports[0]!.plan;
  return { batch, seeds: seeds.length };
}

/** Four seeds on all cores on both sides, by the clock; our workers are warm, as PyTorch is. Null without the oracle. */
export async function seedsRow(net: BenchNet, pairs: number, cores: number): Promise<AgainstRow | null> {
  const torch = await torchRunner(net.name, net.batch, cores);
  if (torch === null) return null;
  const pool = createPool({ workerPath: inRepo('dist/worker.cjs'), workers: cores });
  const spec = await specOf(net);
  const plan = planOf(spec, net.batch);
  const seeds = [1, 2, 3, 4];
  const measure = (): Promise<Measurement> =>
    pool.measure({ spec, changes: [], plan, seeds }, new AbortController().signal);
  try {
    await measure();
    await torch.run('seeds 1');
    const times: [number, number][] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const start = performance.now();
      await measure();
      const ours = performance.now() - start;
      times.push([ours, (await torch.run('seeds 4')).clock]);
    }
    return row(net.title, seeds.length, times);
  } finally {
    await torch.close();
    await pool.dispose();
  }
}
