import type { EngineBackend } from '../../src/engine/backends.ts';
import { runner } from './engineRun.ts';
import type { BenchNet } from './nets.ts';
import { callsFor, median, perCall, processorTime } from './paired.ts';
import { torchRunner } from './torchRun.ts';

/** Forward + backward of one network on one thread: milliseconds of the processor; ratios are medians over pairs. */
export interface PassRow {
  readonly row: string;
  readonly batch: number;
  readonly tapped: number;
  readonly bare: number;
  /** Tapped over bare, both ours. */
  readonly taps: number;
  readonly torch?: {
    readonly version: string;
    readonly tapped: number;
    readonly bare: number;
    /** Ours over PyTorch's, with equal hooks. */
    readonly ratio: number;
    readonly bareRatio: number;
    /** What its process grew by at most since PyTorch was imported. */
    readonly bytes: number;
  };
}

/** Ours and PyTorch's passes in turn, with taps and without, one thread each. */
export async function passRow(
  backend: EngineBackend,
  net: BenchNet,
  pairs: number,
  torchName = net.name,
): Promise<PassRow> {
  const ours = await runner(backend, net);
  const torch = await torchRunner(torchName, net.batch, 1);
  const warm = performance.now() + 1000;
  for (let i = 0; i < 3 || (i < 20 && performance.now() < warm); i++) {
    ours.tapped();
    ours.bare();
  }
  const calls = callsFor(processorTime(() => ours.bare()));
  const theirs = async (what: string): Promise<number> =>
    ((await torch?.run(`${what} ${calls}`))?.processor ?? NaN) / calls;
  const times: number[][] = [];
  for (let pair = -1; pair < pairs; pair++) {
    const tapped = perCall(() => void ours.tapped(), calls);
    const torchTapped = await theirs('tapped');
    const bare = perCall(() => ours.bare(), calls);
    const torchBare = await theirs('bare');
    if (pair >= 0) times.push([tapped, torchTapped, bare, torchBare]);
  }
  const memory = (await torch?.run('memory'))?.processor;
  ours.dispose();
  await torch?.close();
  const of = (pick: (row: readonly [number, number, number, number]) => number) =>
    median(times.map((row) => pick(row as [number, number, number, number])));
  return {
    row: torchName === net.name ? net.title : `${net.title}, PyTorch fused`,
    batch: net.batch,
    tapped: of(([tapped]) => tapped),
    bare: of(([, , bare]) => bare),
    taps: of(([tapped, , bare]) => tapped / bare),
    ...(torch === null
      ? {}
      : {
          torch: {
            version: torch.version,
            tapped: of(([, tapped]) => tapped),
            bare: of(([, , , bare]) => bare),
            ratio: of(([tapped, torchTapped]) => tapped / torchTapped),
            bareRatio: of(([, , bare, torchBare]) => bare / torchBare),
            bytes: (memory ?? NaN) * 2 ** 10,
          },
        }),
  };
}
