import { availableParallelism, cpus, loadavg } from 'node:os';
import { type AgainstRow, commandRow, seedsRow } from './commands.ts';
import { openEngine } from './engineRun.ts';
import { type DepthRow, depthRow, type PeakRow, peakRow } from './growth.ts';
import { NETS, RESNET50 } from './nets.ts';
import { type PassRow, passRow } from './passes.ts';

/** Every row of the engine; sections that were not asked for are empty. */
export interface EngineRows {
  readonly machine: string;
  readonly cores: number;
  readonly node: string;
  readonly kernels: string;
  /** Load of the machine before and after: paired ratios hold under load, times do not. */
  readonly load: readonly number[];
  readonly passes: readonly PassRow[];
  readonly seeds: readonly AgainstRow[];
  readonly commands: readonly AgainstRow[];
  readonly peaks: readonly PeakRow[];
  readonly depth?: DepthRow;
}

/** The sections, by the names that `--only` takes. */
export const SECTIONS = ['kernels', 'passes', 'seeds', 'commands', 'memory', 'depth', 'resnet50'] as const;
export type Section = (typeof SECTIONS)[number];

/** Measures the asked sections of the named networks (all unless named), saying on stderr what runs. */
export async function engineRows(
  wanted: ReadonlySet<string>,
  nets?: ReadonlySet<string>,
): Promise<EngineRows> {
  const before = loadavg()[0]!;
  const backend = await openEngine();
  const cores = availableParallelism();
  const passes: PassRow[] = [];
  const seeds: AgainstRow[] = [];
  const commands: AgainstRow[] = [];
  const peaks: PeakRow[] = [];
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const keep = (rows: AgainstRow[], row: AgainstRow | null): void => {
    if (row !== null) rows.push(row);
  };
  for (const net of NETS.filter(({ name }) => nets?.has(name) ?? true)) {
    say(net.title);
    if (wanted.has('passes')) passes.push(await passRow(backend, net, 5));
    if (wanted.has('passes') && net.name === 'lstm') passes.push(await passRow(backend, net, 5, 'fusedLstm'));
    if (wanted.has('memory')) peaks.push(await peakRow(backend, net));
    if (wanted.has('seeds')) keep(seeds, await seedsRow(net, 3, cores));
    if (wanted.has('commands')) keep(commands, await commandRow(net, 3));
  }
  if (wanted.has('resnet50')) {
    say(RESNET50.title);
    passes.push(await passRow(backend, RESNET50, 1));
    peaks.push(await peakRow(backend, RESNET50));
  }
  const depth = wanted.has('depth') ? await depthRow(backend) : undefined;
  return {
    machine: cpus()[0]?.model ?? 'unknown',
    cores,
    node: process.version,
    kernels: backend.kernels,
    load: [before, loadavg()[0]!],
    passes,
    seeds,
    commands,
    peaks,
    ...(depth === undefined ? {} : { depth }),
  };
}
