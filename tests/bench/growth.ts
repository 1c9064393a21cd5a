import type { EngineBackend } from '../../src/engine/backends.ts';
import { layerKind } from '../../src/model/layers/catalogue.ts';
import type { TapStats } from '../../src/model/measurement.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { peakBytes, runner, specOf } from './engineRun.ts';
import { type BenchNet, deepMlp } from './nets.ts';
import { callsFor, median, perCall, processorTime } from './paired.ts';

/** Cost of one layer in networks of different depth, milliseconds of the processor; `growth`: the largest over the smallest. */
export interface DepthRow {
  readonly depths: readonly { readonly layers: number; readonly perLayer: number }[];
  readonly growth: number;
}

/** Peak of allocated bytes over weights + pre-activations + activations. */
export interface PeakRow {
  readonly row: string;
  readonly peak: number;
  readonly counted: number;
  readonly ratio: number;
}

/** Dense layers of width 64 at batch 64, from 10 to 1,000 of them and a head, in turn once all are warm; the head counts as the layer that it is. */
export async function depthRow(backend: EngineBackend): Promise<DepthRow> {
  const runs: { layers: number; run: () => void; dispose: () => void }[] = [];
  for (const layers of [10, 100, 1000]) {
    const net: BenchNet = { name: 'deep', title: '', batch: 64, file: deepMlp(layers, 64, 64) };
    const ours = await runner(backend, net);
    runs.push({ layers: layers + 1, run: () => void ours.tapped(), dispose: () => ours.dispose() });
  }
  const warm = performance.now() + 2000;
  while (performance.now() < warm) runs.forEach(({ run }) => run());
  const calls = runs.map(({ run }) => callsFor(processorTime(run)));
  const rounds = Array.from({ length: 5 }, () =>
    runs.map(({ layers, run }, i) => perCall(run, calls[i]!) / layers),
  );
  runs.forEach(({ dispose }) => dispose());
  return {
    depths: runs.map(({ layers }, i) => ({ layers, perLayer: median(rounds.map((round) => round[i]!)) })),
    growth: median(rounds.map((round) => Math.max(...round) / Math.min(...round))),
  };
}

/** Bytes of weights, pre-activations and activations, as the taps read them: each tensor once, reshaped ones not again. */
function countedBytes(spec: ModelSpec, taps: readonly TapStats[]): number {
  const reshaping = new Set(
    spec.layers.filter(({ kind }) => layerKind(kind).signal === 'shape').map(({ id }) => id),
  );
  const read = taps.filter(
    ({ layer, quantity }) =>
      (quantity === 'preActivation' || quantity === 'activation') && !reshaping.has(layer),
  );
  const counts = [...new Set(read.map(({ value }) => value))].map(({ count }) => count);
  return 4 * counts.reduce((sum, count) => sum + count, spec.parameters.total);
}

/** The most that one pass with all taps allocates. */
export async function peakRow(backend: EngineBackend, net: BenchNet): Promise<PeakRow> {
  const spec = await specOf(net);
  const ours = await runner(backend, net);
  const { taps } = ours.tapped();
  const peak = peakBytes(() => void ours.tapped()) + 4 * spec.parameters.total;
  ours.dispose();
  const counted = countedBytes(spec, taps);
  return { row: net.title, peak, counted, ratio: peak / counted };
}
