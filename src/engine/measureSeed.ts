import * as tf from '@tensorflow/tfjs-core';
import { everyLayer, layersById } from '../model/everyLayer.ts';
import type { LossStats, SeedMeasurement } from '../model/measurement.ts';
import type { Plan } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import type { LayerSpec, ModelSpec, OutputSpec } from '../model/spec.ts';
import type { RunContext } from './call.ts';
import type { Generator } from './draws/generator.ts';
import { keyOf } from './draws/philox.ts';
import { runGraph, valueKey, type Values } from './execute.ts';
import { dropTape, gradientsOf } from './gradients.ts';
import { type InputData, makeInput } from './inputs.ts';
import { labelledStats } from './labelledStats.ts';
import { drawTargets, lossTerm, lossValue } from './losses.ts';
import { lossStats } from './lossStats.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { cheapSpectra } from './spectrum.ts';
import type { Statistics } from './statistics.ts';
import { forgetTaps } from './taps.ts';
import { givenTargets, type TargetData } from './targets.ts';
import { createWeights, type SavedValues, type Weights, weightStats } from './weights.ts';

/** What one backend and its host give to every seed. */
export interface SeedTools {
  readonly statistics: Statistics;
  readonly generator: Generator;
  view(tensor: tf.TensorInfo): Float32Array;
  readonly data?: InputData;
  readonly targets?: TargetData;
  readonly saved?: SavedValues;
  /** Multiply-adds that the spectra of the weights of a seed may take together; none without it. */
  readonly spectraWork?: (seed: number) => number;
  /** Called as each layer starts; throws to stop. */
  enter(layer: string): void;
}

/** Parts of the plan's batch that may be added so that shares over units have enough samples. */
const MOST_PARTS = 64;

interface Pass {
  readonly spec: ModelSpec;
  readonly plan: Plan;
  readonly seed: number;
  readonly tools: SeedTools;
  readonly weights: Weights;
  readonly recorder: Recorder;
  readonly layers: ReadonlyMap<string, LayerSpec>;
  readonly refused: ReadonlyMap<string, string>;
  readonly left: Map<string, string>;
}

function inputsOf({ spec, plan, seed, tools }: Pass, part: number): Map<string, tf.Tensor> {
  return new Map(
    spec.inputs.map((input) => [input.node, makeInput(input, plan, seed, part, tools.generator, tools.data)]),
  );
}

function contextOf(pass: Pass, part: number): RunContext {
  const { spec, plan, seed, tools, weights, recorder, layers, refused, left } = pass;
  return {
    batch: plan.batch,
    semantics: spec.semantics.value,
    weights,
    recorder,
    view: tools.view,
    layer: (id) => {
      const layer = layers.get(id);
      if (layer === undefined)
        throw new InputError({ message: `The graph names a layer ${id} that is not there.` });
      return layer;
    },
    enter: tools.enter,
    refusal: (layer) =>
      everyLayer([layer])
        .map(({ id }) => refused.get(id))
        .find((reason) => reason !== undefined),
    notMeasured: (layer, reason) => left.set(layer, reason),
    random: (name, shape) => tools.generator.normal(shape, keyOf(seed, `\u0001stand-in ${part}`, name), 0, 1),
    tapInput: (node, layer, tensor) => {
      const input = spec.inputs.find((candidate) => candidate.node === node.id);
      if (input?.values === 'ids') return tensor;
      const quantity = 'activation' as const;
      const request = {
        node: node.id,
        layer: layer.id,
        quantity,
        batch: plan.batch,
        unitAxis: -1,
        rectifier: false,
        wantsShares: false,
      };
      return recorder.tap(tensor, request);
    },
  };
}

interface Taken {
  readonly loss: tf.Scalar | undefined;
  readonly stats: readonly LossStats[];
}

/** The sum of all losses that could be taken, and what each says at initialization. */
function takeLosses({ spec, seed, tools }: Pass, values: Values): Taken {
  const stats: LossStats[] = [];
  const terms: tf.Scalar[] = [];
  const take = ({ ref, name, loss }: OutputSpec): void => {
    const value = values.get(valueKey(ref));
    if (value === undefined || value.standIn || value.tensor.dtype !== 'float32') return;
    const term = lossTerm(loss, value.tensor, value.logits);
    const { shape } = term.z;
    const given = givenTargets(tools.targets, name, term.form, shape);
    const targets = given?.tensor ?? drawTargets(term.form, shape, seed, name, tools.generator);
    terms.push(lossValue(term, targets));
    const z = tools.view(term.z);
    stats.push(
      given === undefined
        ? lossStats(name, loss.id, term.form, z, shape.at(-1) ?? 1)
        : labelledStats(name, loss.id, z, given.targets),
    );
  };
  spec.outputs.forEach(take);
  return { loss: terms.length === 0 ? undefined : (tf.addN(terms) as tf.Scalar), stats };
}

/** Runs `body`, whose result holds no tensors, and disposes of every tensor it made. */
function inScope<T>(body: () => T): T {
  const engine = tf.engine();
  engine.startScope();
  try {
    return body();
  } finally {
    engine.endScope();
  }
}

/** Forward and backward; returns the gradients by weight (undefined where the loss does not reach it) and the losses. */
function passWithGradients(pass: Pass): {
  gradients: (tf.Tensor | undefined)[];
  losses: readonly LossStats[];
} {
  let losses: readonly LossStats[] = [];
  const inputs = inputsOf(pass, 0);
  const weights = pass.weights.all.map(({ tensor }) => tensor);
  const xs = weights.length > 0 ? weights : [...inputs.values()];
  const forward = (): tf.Scalar => {
    const values = runGraph(pass.spec, inputs, contextOf(pass, 0));
    const taken = takeLosses(pass, values);
    losses = taken.stats;
    return taken.loss ?? tf.scalar(0);
  };
  const { gradients } = gradientsOf(forward, xs);
  return { gradients: weights.length > 0 ? gradients : [], losses };
}

/** Adds forward-only parts until every tap that wants shares has its samples. */
function addSamples(pass: Pass): void {
  const { recorder } = pass;
  const hasBatch = pass.spec.inputs.length > 0 && pass.plan.inputLaw === 'normal';
  for (let part = 1; hasBatch && part < MOST_PARTS && recorder.lacking() !== undefined; part++) {
    const before = recorder.lacking()!.samples;
    recorder.startExtraPart();
    tf.tidy(() => {
      runGraph(pass.spec, inputsOf(pass, part), contextOf(pass, part));
    });
    if (recorder.lacking()?.samples === before) return;
  }
}

/**
 * Measures one seed: draws the weights, runs forward and backward with every tap, adds samples where shares lack them. All tensors are gone
 * when it returns or throws. `left` collects the layers that are not measured, with the reason.
 */
export function measureSeed(
  spec: ModelSpec,
  plan: Plan,
  seed: number,
  tools: SeedTools,
  left: Map<string, string>,
): SeedMeasurement {
  const refused = new Map<string, string>();
  const recorder = createRecorder(tools.statistics);
  const layers = layersById(spec.layers);
  const weights = createWeights(spec, seed, tools.generator, tools.saved, (layer, reason) =>
    refused.set(layer, reason),
  );
  try {
    const pass = { spec, plan, seed, tools, weights, recorder, layers, refused, left };
    return inScope(() => {
      const { gradients, losses } = passWithGradients(pass);
      const spectra = cheapSpectra(
        weights.all.map((weight) => weight.spec),
        tools.spectraWork?.(seed) ?? 0,
      );
      const stats = weights.all.map((weight, i) =>
        weightStats(weight, gradients[i], spectra, tools.statistics, tools.view),
      );
      gradients.forEach((gradient) => gradient?.dispose());
      addSamples(pass);
      return { seed, taps: recorder.result(), weights: stats, losses };
    });
  } finally {
    dropTape();
    forgetTaps();
    weights.dispose();
  }
}
