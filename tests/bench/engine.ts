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

const two = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2));
const whole = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(0));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

function against(title: string, rows: readonly AgainstRow[]): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map(({ row, seeds, ours, torch, ratio }) => [
    row,
    String(seeds),
    whole(ours),
    whole(torch),
    two(ratio),
  ]);
  return [table([title, 'seeds', 'ours, ms', 'PyTorch, ms', 'ratio'], cells)];
}

/** The rows as Markdown tables, as docs/performance.md holds them. */
export function engineTables(rows: EngineRows): string {
  const { passes, seeds, commands, peaks, depth } = rows;
  const version = passes.find(({ torch }) => torch !== undefined)?.torch?.version;
  const parts = [
    `${rows.machine}, ${rows.cores} cores, Node ${rows.node}, ${rows.kernels} kernels${version === undefined ? '' : `, PyTorch ${version}`}; load ${rows.load.map(two).join(' → ')}\n`,
  ];
  if (passes.length > 0) {
    const head = ['forward + backward, one thread', 'batch', 'with taps, ms', 'bare, ms', 'taps ÷ bare'];
    const cells = passes.map(({ row, batch, tapped, bare, taps, torch }) => [
      row,
      String(batch),
      whole(tapped),
      whole(bare),
      two(taps),
      whole(torch?.tapped),
      whole(torch?.bare),
      two(torch?.ratio),
      two(torch?.bareRatio),
    ]);
    parts.push(table([...head, 'PyTorch with hooks', 'bare', 'ratio with taps', 'ratio bare'], cells));
  }
  parts.push(...against('4 seeds, all cores, clock', seeds));
  parts.push(...against('whole command, cold, processor', commands));
  if (peaks.length > 0) {
    const cells = peaks.map(({ row, peak, ratio }) => [row, whole(peak / 2 ** 20), two(ratio)]);
    parts.push(table(['peak allocated', 'MiB', 'over weights + pre-activations + activations'], cells));
  }
  if (depth !== undefined) {
    const cells = depth.depths.map(({ layers, perLayer }) => [String(layers), two(perLayer)]);
    parts.push(table(['Dense layers of 64', 'ms a layer'], cells), `growth ${two(depth.growth)}\n`);
  }
  return parts.join('\n');
}
