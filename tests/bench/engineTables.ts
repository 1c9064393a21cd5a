import type { AgainstRow } from './commands.ts';
import type { EngineRows } from './engine.ts';

const two = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2));
const whole = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(0));

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
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
    const theirs = (name: string) => passes.find(({ row }) => row === name)?.torch?.bytes;
    const mebibytes = (bytes: number | undefined) => whole(bytes === undefined ? undefined : bytes / 2 ** 20);
    const cells = peaks.map(({ row, peak, ratio }) => [
      row,
      mebibytes(peak),
      two(ratio),
      mebibytes(theirs(row)),
    ]);
    const over = 'over weights + pre-activations + activations';
    parts.push(table(['peak allocated', 'MiB', over, 'growth of PyTorch’s process, MiB'], cells));
  }
  if (depth !== undefined) {
    const cells = depth.depths.map(({ layers, perLayer }) => [String(layers), two(perLayer)]);
    parts.push(table(['Dense layers of 64', 'ms a layer'], cells), `growth ${two(depth.growth)}\n`);
  }
  return parts.join('\n');
}
