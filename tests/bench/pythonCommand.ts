import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepo } from '../support/root.ts';
import { type AgainstRow, planRan, processCost, row } from './commands.ts';
import { table } from './engineTables.ts';
import { torchCommand, torchEnv } from './torchRun.ts';

/** Nets of `tests/bench/python`: what is said of them, and the shape of a sample. */
const NETS = [
  { file: 'healthy', title: '13 Linear layers, no repair', shape: '64' },
  { file: 'lenet', title: 'LeNet, no repair', shape: '1,28,28' },
  { file: 'deep', title: '13 Linear layers, a repair measured', shape: '64' },
] as const;

/** The command from a cold start to its verdict, and the same by the clock. */
export interface PythonRow extends AgainstRow {
  readonly clock: number;
}

/**
 * `initscope inspect FILE.py` against a script that imports PyTorch, builds the net for as many seeds and runs one bare pass each, by processor time of all
 * processes and threads, and by the clock. Empty without the oracle.
 */
export async function pythonRows(pairs: number): Promise<readonly PythonRow[]> {
  const torch = torchCommand();
  if (torch === null) return [];
  const folder = mkdtempSync(join(tmpdir(), 'initscope-bench-'));
  const rows: PythonRow[] = [];
  try {
    for (const { file, title, shape } of NETS) {
      const path = inRepo('tests', 'bench', 'python', `${file}.py`);
      const out = join(folder, 'report.json');
      const choices = ['--python', torch.python, '--input-shape', shape, '--no-cache', '--fail-on', 'never'];
      const args = [inRepo('dist', 'cli.cjs'), 'inspect', path, ...choices, '--json', '--output', out];
      const ours = () => timed(() => processCost(process.execPath, args, process.env));
      await ours();
      const { batch, seeds } = planRan(out);
      const script = [inRepo('tests', 'bench', 'python_bare.py'), path, shape, String(batch), String(seeds)];
      const bare = () => timed(() => processCost(torch.python, script, torchEnv(1)));
      await bare();
      const costs: [number, number][] = [];
      const clocks: [number, number][] = [];
      while (costs.length < pairs) {
        const [a, b] = [await ours(), await bare()];
        costs.push([a.cost, b.cost]);
        clocks.push([a.clock, b.clock]);
      }
      const clock = row(title, seeds, clocks).ratio;
      rows.push({ ...row(`${title}, batch ${batch}`, seeds, costs), clock });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return rows;
}

async function timed(run: () => Promise<number>): Promise<{ cost: number; clock: number }> {
  const start = performance.now();
  const cost = await run();
  return { cost, clock: performance.now() - start };
}

/** The rows as a Markdown table. */
export function pythonTable(rows: readonly PythonRow[]): string {
  const cells = rows.map(({ row: name, seeds, ours, torch, ratio, clock }) => [
    name,
    String(seeds),
    ours.toFixed(0),
    torch.toFixed(0),
    ratio.toFixed(2),
    clock.toFixed(2),
  ]);
  const head = [
    'command to verdict',
    'seeds',
    'ours, ms',
    'import and bare passes, ms',
    'ratio',
    'by the clock',
  ];
  return table(head, cells);
}
