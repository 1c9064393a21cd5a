import * as tfl from '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { measureSeeds } from '../../src/engine/measureSeeds.ts';
import { runProbe } from '../../src/engine/probe.ts';
import type { EngineBackend } from '../../src/engine/backends.ts';
import { advise } from '../../src/inspect/advising.ts';
import { compareStartingPoints } from '../../src/inspect/comparing.ts';
import { look, type Subject } from '../../src/inspect/looking.ts';
import { createMeasuring } from '../../src/inspect/measuring.ts';
import { makePlan } from '../../src/inspect/plan.ts';
import { startingPoints } from '../../src/inspect/startingPoints.ts';
import { applyChanges } from '../../src/model/applyChanges.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { predict } from '../../src/theory/predict.ts';
import { mlp, testSpec } from '../support/builtSpecs.ts';
import { openEngine, specOf } from './engineRun.ts';
import { NETS } from './nets.ts';
import { median } from './paired.ts';

/** Prediction per layer, and studies against what they replace; processor time. */
export interface StudyRows {
  readonly predict: readonly {
    readonly row: string;
    readonly layers: number;
    readonly microseconds: number;
  }[];
  /** `compare` of k starting points over k inspections of the same models. */
  readonly compare: { readonly starts: number; readonly ratio: number };
  /** A step of the probe over a step of TF.js's own `trainOnBatch`, both with Adam on wasm. */
  readonly probe: { readonly row: string; readonly ratio: number };
}

const WIDTH = 128;
const DEPTH = 6;
const BATCH = 32;
const STEPS = 60;

/** Milliseconds of the processor, all threads of this process. */
async function cost(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function predictRow(name: string, spec: ModelSpec): Promise<StudyRows['predict'][number]> {
  const fresh = () => predict({ ...spec });
  fresh();
  const times: number[] = [];
  for (let round = 0; round < 100; round += 1) times.push(await cost(fresh));
  const layers = spec.nodes.length;
  return { row: name, layers, microseconds: (1000 * median(times.slice(50))) / layers };
}

const net = (): ModelSpec =>
  testSpec({
    inputs: [WIDTH],
    layers: mlp([...new Array<number>(DEPTH).fill(WIDTH), 10], 'relu', 'he_normal', 'softmax'),
  });

async function compareRow(backend: EngineBackend): Promise<StudyRows['compare']> {
  const spec = net();
  const subjectOf = (model: ModelSpec): Subject => ({
    spec: model,
    prediction: predict(model),
    plan: makePlan(model, { backend: 'wasm', why: 'bench', start: 'fresh' }),
    config: DEFAULT_PROJECT_CONFIG,
    measuring: createMeasuring({ measure: (request) => measureSeeds(request, { backend }) }, 'bench'),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const inspect = async (model: ModelSpec): Promise<void> => {
    const subject = subjectOf(model);
    const looked = await look(subject);
    await advise(subject, looked, looked.findings, undefined);
  };
  const points = startingPoints(spec);
  await compareStartingPoints(subjectOf(spec));
  const ratios: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const compared = await cost(() => compareStartingPoints(subjectOf(spec)));
    const inspected = await cost(async () => {
      for (const { changes } of points) await inspect(applyChanges(spec, changes));
    });
    ratios.push(compared / inspected);
  }
  return { starts: points.length, ratio: median(ratios) };
}

async function probeRow(backend: EngineBackend): Promise<StudyRows['probe']> {
  const spec = net();
  const plan = makePlan(spec, { backend: 'wasm', why: 'bench', start: 'fresh', batch: BATCH });
  const model = tfl.sequential();
  for (let index = 0; index <= DEPTH; index += 1)
    model.add(
      tfl.layers.dense({
        units: index === DEPTH ? 10 : WIDTH,
        activation: index === DEPTH ? 'softmax' : 'relu',
        ...(index === 0 ? { inputShape: [WIDTH] } : {}),
      }),
    );
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy' });
  const x = tf.randomNormal([BATCH, WIDTH]);
  const y = tf.cast(tf.oneHot(tf.zeros([BATCH], 'int32'), 10), 'float32');
  const bare = async (): Promise<void> => {
    for (let step = 0; step < STEPS; step += 1) await model.trainOnBatch(x, y);
  };
  const request = {
    spec,
    changes: [],
    plan,
    optimizer: 'adam',
    rates: [1e-3],
    seeds: [1],
    steps: STEPS,
  } as const;
  const probe = () => runProbe(request, { backend });
  await bare();
  probe();
  const ratios: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const own = await cost(probe);
    ratios.push(own / (await cost(bare)));
  }
  return { row: `MLP ${WIDTH} × ${DEPTH}, batch ${BATCH}, ${STEPS} steps`, ratio: median(ratios) };
}

/** Measures all of it on one thread. */
export async function studyRows(): Promise<StudyRows> {
  const backend = await openEngine();
  const predicted: StudyRows['predict'][number][] = [];
  for (const each of NETS) predicted.push(await predictRow(each.title, await specOf(each)));
  return { predict: predicted, compare: await compareRow(backend), probe: await probeRow(backend) };
}

/** The rows as a Markdown table, as docs/performance.md holds them. */
export function studyTable({ predict: predicted, compare, probe }: StudyRows): string {
  return [
    '| study, processor time | figure | goal |',
    '| --- | --- | --- |',
    ...predicted.map(
      ({ row, layers, microseconds }) =>
        `| prediction, ${row} (${layers} layers) | ${microseconds.toFixed(1)} µs a layer | ≤ 20 |`,
    ),
    `| compare of ${compare.starts} starts ÷ as many inspections | ${compare.ratio.toFixed(2)} | < 0.8 |`,
    `| probe ÷ TF.js trainOnBatch, ${probe.row} | ${probe.ratio.toFixed(2)} | ≤ 1.3 |`,
    '',
  ].join('\n');
}
