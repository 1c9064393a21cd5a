import type { AgainstRow } from './commands.ts';
import type { EngineRows } from './engine.ts';
import { table } from './engineTables.ts';
import type { KernelRows } from './kernels.ts';
import { RESNET50 } from './nets.ts';

/** A goal of the engine and what was measured for it; `value` is the worst of its rows unless said otherwise. */
export interface Goal {
  readonly goal: string;
  readonly bound: string;
  readonly value: number;
  readonly held: boolean;
  /** The row that has the worst value. */
  readonly at?: string;
}

interface Named {
  readonly row: string;
  readonly value: number;
}

function worst(goal: string, bound: number, rows: readonly Named[], most: boolean): Goal[] {
  const sorted = rows.filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.value - b.value);
  const found = most ? sorted.at(-1) : sorted[0];
  if (found === undefined) return [];
  const held = most ? found.value <= bound : found.value >= bound;
  return [{ goal, bound: `${most ? '≤' : '≥'} ${bound}`, value: found.value, held, at: found.row }];
}

const below = (goal: string, bound: number, rows: readonly Named[]): Goal[] => worst(goal, bound, rows, true);
const above = (goal: string, bound: number, rows: readonly Named[]): Goal[] =>
  worst(goal, bound, rows, false);

function geometricMean(rows: readonly Named[]): Named[] {
  const logs = rows.filter(({ value }) => Number.isFinite(value)).map(({ value }) => Math.log(value));
  if (logs.length === 0) return [];
  const value = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  return [{ row: `geometric mean of ${logs.length}`, value }];
}

function ofCommands(rows: readonly AgainstRow[]): Named[] {
  return rows.map(({ row, ratio }) => ({ row, value: ratio }));
}

/** Every goal that the measured rows say something about. */
export function engineGoals(engine: EngineRows | undefined, kernels: KernelRows | undefined): Goal[] {
  const products = (kernels?.rows ?? []).filter(({ row }) => /^matmul 1024|^conv 3×3/.test(row));
  const speed = (name: string): Named[] =>
    (kernels?.speeds ?? []).filter(({ row }) => row === name).map(({ row, value }) => ({ row, value }));
  const passes = (engine?.passes ?? []).filter(
    ({ row }) => row !== RESNET50.title && !row.endsWith('PyTorch fused'),
  );
  const hooked = passes.map(({ row, torch }) => ({ row, value: torch?.ratio ?? NaN }));
  const bare = passes.map(({ row, torch }) => ({ row, value: torch?.bareRatio ?? NaN }));
  const commands = ofCommands(engine?.commands ?? []);
  const small = commands.filter(({ row }) => /^(MLP|LeNet)/.test(row));
  const depth = engine?.depth;
  return [
    ...above(
      'GEMM and conv 3 × 3, each direction, share of the 128-bit peak',
      0.7,
      products.map(({ row, ofPeak }) => ({ row, value: ofPeak })),
    ),
    ...below('forward + backward with all taps ÷ PyTorch with hooks, one thread', 2, hooked),
    ...below('the same, geometric mean', 1.5, geometricMean(hooked)),
    ...below('forward + backward, both bare', 2, bare),
    ...below('the same, geometric mean', 1.5, geometricMean(bare)),
    ...below('4 seeds, all cores on both sides', 1.5, ofCommands(engine?.seeds ?? [])),
    ...below('whole command, cold', 1, commands),
    ...below('whole command, cold, MLP and LeNet', 0.3, small),
    ...below(
      'taps and statistics ÷ bare pass',
      1.15,
      passes.map(({ row, taps }) => ({ row, value: taps })),
    ),
    ...above('normal draws, a million a second', 200, speed('normal draws')),
    ...below('orthogonal 1024 × 1024, ms', 300, speed('orthogonal 1024 × 1024')),
    ...below(
      'cost per layer, 10 to 1,000 layers',
      1.2,
      depth === undefined ? [] : [{ row: '10, 100, 1,000 layers', value: depth.growth }],
    ),
    ...below(
      'peak bytes ÷ (weights + pre-activations + activations)',
      2.2,
      (engine?.peaks ?? []).map(({ row, ratio }) => ({ row, value: ratio })),
    ),
  ];
}

/** The goals as a Markdown table. */
export function goalTable(goals: readonly Goal[]): string {
  const cells = goals.map(({ goal, bound, value, held, at }) => [
    goal,
    bound,
    value.toPrecision(3),
    at ?? '',
    held ? 'held' : 'missed',
  ]);
  return table(['goal', 'bound', 'measured', 'worst row', ''], cells);
}
