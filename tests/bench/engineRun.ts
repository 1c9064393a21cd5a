import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import type { Generator } from '../../src/engine/draws/generator.ts';
import { emscripten } from '../../src/engine/kernels/heap.ts';
import { measureSeed, type SeedTools } from '../../src/engine/measureSeed.ts';
import type { Statistics } from '../../src/engine/statistics.ts';
import type { SeedMeasurement } from '../../src/model/measurement.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { workSize } from '../../src/inspect/workSize.ts';
import { readModels } from '../../src/readers/formats.ts';
import type { BenchNet } from './nets.ts';

/** The spec of a bench file, read as the product reads it. */
export async function specOf({ name, file }: Pick<BenchNet, 'name' | 'file'>): Promise<ModelSpec> {
  const text = JSON.stringify(file);
  const bytes = new TextEncoder().encode(text);
  const files = {
    size: () => Promise.resolve(bytes.length),
    read: (_path: string, start = 0, end = bytes.length) => Promise.resolve(bytes.slice(start, end)),
    beside: () => undefined,
    exists: () => Promise.resolve(false),
  };
  const source = { path: `${name}.json`, size: bytes.length, head: bytes.slice(0, 4096), text };
  const { models, problems } = await readModels(source, files, {});
  const [spec] = models;
  if (spec === undefined || problems.length > 0)
    throw new Error(`${name}: ${problems.map(({ message }) => message).join('; ')}`);
  return spec;
}

/** A plan of this batch with N(0,1) inputs. */
export function planOf(spec: ModelSpec, batch: number): Plan {
  return {
    backend: 'wasm',
    kernels: 'auto',
    batch,
    seeds: [1],
    looks: [1],
    inputs: {},
    inputLaw: 'normal',
    start: 'fresh',
    size: workSize({ parameters: 0, multiplyAdds: 0, values: 0, kept: 0, scratch: 0 }, batch),
    why: [],
  };
}

/** Draws once for each key and gives the same values afterwards, so that passes are timed without draws. */
function remembering(generator: Generator): Generator & { dispose(): void } {
  const known = new Map<string, tf.Tensor>();
  const once = (key: unknown, make: () => tf.Tensor): tf.Tensor => {
    const name = JSON.stringify(key);
    const found = known.get(name) ?? tf.keep(make());
    known.set(name, found);
    return tf.clone(found);
  };
  const wrap = (name: string) => {
    const make = (generator as unknown as Record<string, (...all: unknown[]) => tf.Tensor>)[name]!;
    return (...all: unknown[]) => once([name, all], () => make.apply(generator, all));
  };
  return {
    ...Object.fromEntries(Object.keys(generator).map((name) => [name, wrap(name)])),
    dispose: () => known.forEach((tensor) => tensor.dispose()),
  } as unknown as Generator & { dispose(): void };
}

const NOTHING = {
  count: 0,
  mean: 0,
  std: 0,
  rms: 0,
  min: 0,
  max: 0,
  zeros: 0,
  nonFinite: 0,
  percentiles: [0, 0, 0, 0, 0],
  histogram: { low: 0, high: 0, counts: [0] },
} as const;

/** Statistics that read nothing: the bare pass. */
const noStatistics: Statistics = {
  reduce: () => ({ value: { ...NOTHING, percentiles: [0, 0, 0, 0, 0] } }),
  fingerprint: () => '',
};

/** A network ready to be run forward and backward, with taps and without. */
export interface Runner {
  readonly spec: ModelSpec;
  tapped(): SeedMeasurement;
  bare(): void;
  dispose(): void;
}

/** Prepares a network on an open backend. */
export async function runner(backend: EngineBackend, net: BenchNet): Promise<Runner> {
  const spec = await specOf(net);
  const plan = planOf(spec, net.batch);
  const generator = remembering(backend.generator);
  const run = (tools: Omit<SeedTools, 'generator' | 'enter'>): SeedMeasurement => {
    const left = new Map<string, string>();
    const result = measureSeed(spec, plan, 1, { ...tools, generator, enter: () => undefined }, left);
    if (left.size > 0) throw new Error(`${net.name}: ${[...left].join('; ')}`);
    return result;
  };
  const view = (tensor: tf.TensorInfo) => backend.view(tensor);
  const none = new Float32Array(0);
  return {
    spec,
    tapped: () => run({ statistics: backend.statistics, view }),
    bare: () => void run({ statistics: noStatistics, view: () => none }),
    dispose: () => generator.dispose(),
  };
}

/** The embedded backend with the best kernels that run here. */
export function openEngine(kernels?: string): Promise<EngineBackend> {
  return openBackend('wasm', {}, kernels);
}

interface Allocator {
  _malloc(bytes: number): number;
  _free(at: number): void;
}

/** Counts the bytes that are allocated on the wasm heap while `run` runs; gives the most above the level at its start. */
export function peakBytes(run: () => void): number {
  const heap = emscripten(tf.backend() as BackendWasm) as Allocator;
  const { _malloc: malloc, _free: free } = heap;
  const sizes = new Map<number, number>();
  let now = 0;
  let peak = 0;
  heap._malloc = (bytes) => {
    const at = malloc(bytes);
    sizes.set(at, bytes);
    now += bytes;
    peak = Math.max(peak, now);
    return at;
  };
  heap._free = (at) => {
    now -= sizes.get(at) ?? 0;
    sizes.delete(at);
    free(at);
  };
  try {
    run();
  } finally {
    Object.assign(heap, { _malloc: malloc, _free: free });
  }
  return peak;
}
