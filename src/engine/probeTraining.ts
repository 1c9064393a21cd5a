import * as tf from '@tensorflow/tfjs-core';
import { layersById } from '../model/everyLayer.ts';
import type { Progress } from '../model/measurer.ts';
import { InputError } from '../model/problem.ts';
import type { ProbeRequest, ProbeRun } from '../model/probe.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { EngineBackend } from './backends.ts';
import type { RunContext } from './call.ts';
import { keyOf } from './draws/philox.ts';
import { runGraph, valueKey } from './execute.ts';
import { gradientsOf } from './gradients.ts';
import type { InputData } from './inputs.ts';
import { lossTerm, lossValue } from './losses.ts';
import type { Recorder } from './recorder.ts';
import type { TargetData } from './targets.ts';
import { batchOrder } from './teacher.ts';
import { createWeights, type LiveWeight, type Weights } from './weights.ts';

/** What the host brings to a probe. */
export interface ProbeHooks {
  readonly backend: EngineBackend;
  readonly data?: InputData;
  readonly targets?: TargetData;
  /** Rows of the data at hand. */
  readonly rows?: number;
  readonly cancelled?: () => boolean;
  readonly onProgress?: (progress: Progress) => void;
}

/** Taps nothing. */
export const SILENT: Recorder = {
  tap: (tensor) => tensor,
  watch: () => () => undefined,
  observe: () => undefined,
  setSaturated: () => undefined,
  rms: () => undefined,
  startExtraPart: () => undefined,
  lacking: () => undefined,
  result: () => [],
};

/** One batch of a probe: inputs by node, targets by output. */
export interface Batch {
  readonly inputs: ReadonlyMap<string, tf.Tensor>;
  readonly targets: readonly tf.Tensor[];
}

/** What all trainings of a probe share. */
export interface Task {
  readonly spec: ModelSpec;
  readonly request: Pick<ProbeRequest, 'plan' | 'optimizer' | 'steps'>;
  readonly hooks: ProbeHooks;
  readonly training: readonly Batch[];
  readonly heldOut: readonly Batch[];
}

/** Where one training ended. */
export interface Solution {
  readonly run: ProbeRun;
  readonly weights: readonly Float32Array[];
  /** Outputs of the held-out samples, one array per output. */
  readonly outputs: readonly Float32Array[];
}

function contextOf(
  { spec, request, hooks }: Omit<Task, 'training' | 'heldOut'>,
  weights: Weights,
  recorder: Recorder,
): RunContext {
  const layers = layersById(spec.layers);
  const { backend, cancelled } = hooks;
  return {
    batch: request.plan.batch,
    semantics: spec.semantics.value,
    weights,
    recorder,
    view: (tensor) => backend.view(tensor),
    layer: (id) => {
      const layer = layers.get(id);
      if (layer === undefined)
        throw new InputError({ message: `the graph names a layer ${id} that is not there` });
      return layer;
    },
    enter: () => {
      if (cancelled?.() === true) throw new DOMException('The probe was cancelled.', 'AbortError');
    },
    refusal: () => undefined,
    notMeasured: (layer, reason) => {
      throw new InputError({
        message: `the layer ${layer} cannot be run, so the model cannot be trained: ${reason}`,
      });
    },
    random: (name, shape) => backend.generator.normal(shape, keyOf('task', '\u0001stand-in', name), 0, 1),
    tapInput: (_node, _layer, tensor) => tensor,
  };
}

/** What a forward pass over a batch gives. */
export interface Forward {
  readonly loss: tf.Scalar;
  readonly outputs: readonly tf.Tensor[];
}

/** Mean loss per sample of a batch, summed over outputs, and the logits (or values) of every output. */
export function forward(task: Task, weights: Weights, batch: Batch, recorder: Recorder = SILENT): Forward {
  const values = runGraph(task.spec, batch.inputs, contextOf(task, weights, recorder));
  const outputs: tf.Tensor[] = [];
  const terms = task.spec.outputs.map(({ ref, loss }, index) => {
    const value = values.get(valueKey(ref));
    if (value === undefined) throw new InputError({ message: 'an output of the model cannot be computed' });
    const term = lossTerm(loss, value.tensor, value.logits);
    outputs.push(term.z);
    const targets = batch.targets[index];
    if (targets === undefined) throw new RangeError('a batch has no targets for an output');
    return tf.div(lossValue(term, targets), task.request.plan.batch);
  });
  return { loss: tf.addN(terms) as tf.Scalar, outputs };
}

function numberOf(tensor: tf.Tensor): number {
  return tensor.dataSync()[0] ?? NaN;
}

/** Loss over the held-out samples, and the outputs on them. */
export function evaluate(task: Task, weights: Weights): { loss: number; outputs: Float32Array[] } {
  let loss = 0;
  const parts: Float32Array[][] = task.spec.outputs.map(() => []);
  for (const batch of task.heldOut)
    tf.tidy(() => {
      const result = forward(task, weights, batch);
      loss += numberOf(result.loss) / task.heldOut.length;
      result.outputs.forEach((output, index) => parts[index]?.push(Float32Array.from(output.dataSync())));
    });
  return { loss, outputs: parts.map((each) => Float32Array.from(each.flatMap((part) => Array.from(part)))) };
}

/** Whether training moves a weight. */
export function isTrained({ spec }: LiveWeight): boolean {
  return spec.trainable && spec.part !== 'statistic';
}

/** The same weights with trained ones replaced by tensors of the caller. */
export function withTensors(weights: Weights, tensors: ReadonlyMap<LiveWeight, tf.Tensor>): Weights {
  const all = weights.all.map((weight) => ({ ...weight, tensor: tensors.get(weight) ?? weight.tensor }));
  const table = new Map(all.map((weight) => [`${weight.layer}\n${weight.spec.name}`, weight]));
  return { all, of: (layer, name) => table.get(`${layer}\n${name}`), dispose: () => undefined };
}

/** The weights of a seed; an InputError where one cannot be drawn. */
export function draw({ spec, hooks }: Task, seed: number): Weights {
  return createWeights(spec, seed, hooks.backend.generator, undefined, (layer, reason) => {
    throw new InputError({ message: `the layer ${layer} cannot be trained: ${reason}` });
  });
}

/** A training under way: its weights as they are now. */
export interface Trainer {
  readonly live: Weights;
  readonly variables: readonly tf.Variable[];
  /** One step on a batch; the loss before it. Where that is not finite nothing is moved. */
  step(batch: Batch): number;
  dispose(): void;
}

/** Starts a training from a seed's draw with one rate. */
export function startTraining(task: Task, seed: number, rate: number): Trainer {
  const drawn = draw(task, seed);
  const trained = drawn.all.filter(isTrained);
  const variables = trained.map(({ tensor }) => tf.variable(tensor));
  const optimizer = task.request.optimizer === 'adam' ? tf.train.adam(rate) : tf.train.sgd(rate);
  const live = withTensors(drawn, new Map(trained.map((weight, index) => [weight, variables[index]!])));
  return {
    live,
    variables,
    step: (batch) => {
      let loss = NaN;
      tf.tidy(() => {
        const { value, gradients } = gradientsOf(() => forward(task, live, batch).loss, variables);
        loss = numberOf(value);
        if (Number.isFinite(loss))
          optimizer.applyGradients(
            variables.flatMap(({ name }, i) => {
              const tensor = gradients[i];
              return tensor === undefined ? [] : [{ name, tensor }];
            }),
          );
      });
      return loss;
    },
    dispose: () => {
      optimizer.dispose();
      variables.forEach((variable) => variable.dispose());
      drawn.dispose();
    },
  };
}

/** One training from a seed's draw with one rate. Everything it made is gone when it returns or throws. */
export function train(task: Task, seed: number, rate: number, onStep: () => void): Solution {
  const trainer = startTraining(task, seed, rate);
  const losses: number[] = [];
  try {
    for (const index of batchOrder(seed, task.request.steps, task.training.length)) {
      const batch = task.training[index];
      if (batch === undefined) break;
      losses.push(trainer.step(batch));
      onStep();
      if (!Number.isFinite(losses.at(-1))) break;
    }
    const end = evaluate(task, trainer.live);
    return {
      run: { seed, rate, losses, heldOut: end.loss },
      weights: trainer.variables.map((variable) => Float32Array.from(variable.dataSync())),
      outputs: end.outputs,
    };
  } finally {
    trainer.dispose();
  }
}
