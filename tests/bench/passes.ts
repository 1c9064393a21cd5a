import type { EngineBackend } from '../../src/engine/backends.ts';
import { runner } from './engineRun.ts';
import type { BenchNet } from './nets.ts';
import { median, milliseconds } from './paired.ts';
import { torchRunner } from './torchRun.ts';

/** Forward + backward of one network, milliseconds; the ratios are medians over pairs. */
export interface PassRow {
  readonly row: string;
  readonly batch: number;
  readonly tapped: number;
  readonly bare: number;
  /** Tapped over bare, both ours. */
  readonly taps: number;
  readonly torchTapped?: number;
  readonly torchBare?: number;
  readonly overTorch?: number;
  readonly overTorchBare?: number;
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
  const times: number[][] = [];
  const warm = performance.now() + 1500;
  for (let i = 0; i < 4 || performance.now() < warm; i++) {
    ours.tapped();
    ours.bare();
  }
  for (let pair = -1; pair < pairs; pair++) {
    const tapped = milliseconds(() => void ours.tapped());
    const torchTapped = (await torch?.run('tapped')) ?? NaN;
    const bare = milliseconds(() => ours.bare());
    const torchBare = (await torch?.run('bare')) ?? NaN;
    if (pair >= 0) times.push([tapped, torchTapped, bare, torchBare]);
  }
  ours.dispose();
  torch?.close();
  const of = (pick: (row: readonly number[]) => number) => median(times.map(pick));
  return {
    row: torchName === net.name ? net.title : `${net.title} (${torchName})`,
    batch: net.batch,
    tapped: of(([tapped]) => tapped!),
    bare: of(([, , bare]) => bare!),
    taps: of(([tapped, , bare]) => tapped! / bare!),
    ...(torch === null
      ? {}
      : {
          torchTapped: of(([, time]) => time!),
          torchBare: of(([, , , time]) => time!),
          overTorch: of(([tapped, time]) => tapped! / time!),
          overTorchBare: of(([, , bare, time]) => bare! / time!),
        }),
  };
}
