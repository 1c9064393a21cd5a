import * as tf from '@tensorflow/tfjs-core';
import { applyChanges } from '../model/applyChanges.ts';
import { lossFormOf } from '../model/lossForm.ts';
import type { Progress } from '../model/measurer.ts';
import { InputError } from '../model/problem.ts';
import type { ProbeRequest, ProbeRun, ProbeRuns, SolutionPair } from '../model/probe.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { EngineBackend } from './backends.ts';
import type { RunContext } from './call.ts';
import { keyOf } from './draws/philox.ts';
import { runGraph, valueKey } from './execute.ts';
import { dropTape, gradientsOf } from './gradients.ts';
import { type InputData, makeInput } from './inputs.ts';
import { lossTerm, lossValue } from './losses.ts';
import type { Recorder } from './recorder.ts';
import { givenTargets } from './targets.ts';
import type { TargetData } from './targets.ts';
import { batchOrder, createTeacher, uninformedLoss } from './teacher.ts';
import type { Teacher } from './teacher.ts';
import { allLayers, createWeights } from './weights.ts';
import type { LiveWeight, Weights } from './weights.ts';

/** Batches of the training set and of the held-out samples. */
const TRAINING = 16;
const HELD_OUT = 4;
/** Batches that a probe takes of the user's data at most. */
export const PROBE_BATCHES = TRAINING + HELD_OUT;

/** Points on the line between two solutions. */
const LINE = [0.25, 0.5, 0.75];

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

const SILENT: Recorder = {
  tap: (tensor) => tensor,
  watch: () => () => undefined,
  observe: () => undefined,
  setSaturated: () => undefined,
  rms: () => undefined,
  startExtraPart: () => undefined,
  lacking: () => undefined,
  result: () => [],
};

interface Batch {
  readonly inputs: ReadonlyMap<string, tf.Tensor>;
  readonly targets: readonly tf.Tensor[];
}

interface Task {
  readonly spec: ModelSpec;
  readonly request: ProbeRequest;
  readonly hooks: ProbeHooks;
  readonly training: readonly Batch[];
  readonly heldOut: readonly Batch[];
}

interface Solution {
  readonly run: ProbeRun;
  readonly weights: readonly Float32Array[];
  /** Outputs of the held-out samples, one array per output. */
  readonly outputs: readonly Float32Array[];
}

function contextOf(
  { spec, request, hooks }: Omit<Task, 'training' | 'heldOut'>,
  weights: Weights,
): RunContext {
  const layers = new Map(allLayers(spec.layers).map((layer) => [layer.id, layer]));
  const { backend, cancelled } = hooks;
  return {
    batch: request.plan.batch,
    semantics: spec.semantics.value,
    weights,
    recorder: SILENT,
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

interface Forward {
  readonly loss: tf.Scalar;
  readonly outputs: readonly tf.Tensor[];
}

/** Mean loss per sample of a batch, summed over outputs, and the logits (or values) of every output. */
function forward(task: Task, weights: Weights, batch: Batch): Forward {
  const values = runGraph(task.spec, batch.inputs, contextOf(task, weights));
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
function evaluate(task: Task, weights: Weights): { loss: number; outputs: Float32Array[] } {
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

function isTrained({ spec }: LiveWeight): boolean {
  return spec.trainable && spec.part !== 'statistic';
}

/** The same weights with trained ones replaced by tensors of the caller. */
function withTensors(weights: Weights, tensors: ReadonlyMap<LiveWeight, tf.Tensor>): Weights {
  const all = weights.all.map((weight) => ({ ...weight, tensor: tensors.get(weight) ?? weight.tensor }));
  const table = new Map(all.map((weight) => [`${weight.layer}\n${weight.spec.name}`, weight]));
  return { all, of: (layer, name) => table.get(`${layer}\n${name}`), dispose: () => undefined };
}

function draw({ spec, hooks }: Task, seed: number): Weights {
  return createWeights(spec, seed, hooks.backend.generator, undefined, (layer, reason) => {
    throw new InputError({ message: `the layer ${layer} cannot be trained: ${reason}` });
  });
}

/** One training from a seed's draw with one rate. Everything it made is gone when it returns or throws. */
function train(task: Task, seed: number, rate: number, onStep: () => void): Solution {
  const { optimizer: kind, steps } = task.request;
  const drawn = draw(task, seed);
  const trained = drawn.all.filter(isTrained);
  const variables = trained.map(({ tensor }) => tf.variable(tensor));
  const optimizer = kind === 'adam' ? tf.train.adam(rate) : tf.train.sgd(rate);
  const live = withTensors(drawn, new Map(trained.map((weight, index) => [weight, variables[index]!])));
  const losses: number[] = [];
  try {
    for (const index of batchOrder(seed, steps, task.training.length)) {
      const batch = task.training[index];
      if (batch === undefined) break;
      tf.tidy(() => {
        const { value, gradients } = gradientsOf(() => forward(task, live, batch).loss, variables);
        losses.push(numberOf(value));
        if (Number.isFinite(losses.at(-1)))
          optimizer.applyGradients(
            variables.flatMap(({ name }, i) => {
              const tensor = gradients[i];
              return tensor === undefined ? [] : [{ name, tensor }];
            }),
          );
      });
      onStep();
      if (!Number.isFinite(losses.at(-1))) break;
    }
    const end = evaluate(task, live);
    return {
      run: { seed, rate, losses, heldOut: end.loss },
      weights: variables.map((variable) => Float32Array.from(variable.dataSync())),
      outputs: end.outputs,
    };
  } finally {
    optimizer.dispose();
    variables.forEach((variable) => variable.dispose());
    drawn.dispose();
  }
}

/** Share of decisions that differ (classes, signs), or the rms difference over the rms (regression), over all outputs. */
function disagreement(task: Task, a: Solution, b: Solution): number {
  const each = task.spec.outputs.map(({ shape }, index) => {
    const [x, y] = [a.outputs[index] ?? new Float32Array(), b.outputs[index] ?? new Float32Array()];
    const form = lossFormOf(task.spec, index);
    if (form === 'softmax') {
      const classes = shape.at(-1) ?? 1;
      const best = (values: Float32Array, row: number) => {
        const part = values.subarray(row * classes, (row + 1) * classes);
        return part.indexOf(Math.max(...part));
      };
      const rows = Math.max(1, Math.floor(x.length / classes));
      let differ = 0;
      for (let row = 0; row < rows; row++) differ += best(x, row) === best(y, row) ? 0 : 1;
      return differ / rows;
    }
    if (form === 'sigmoid')
      return x.reduce((sum, value, i) => sum + (value > 0 === (y[i] ?? 0) > 0 ? 0 : 1), 0) / x.length;
    const square = (value: number) => value * value;
    const difference = x.reduce((sum, value, i) => sum + square(value - (y[i] ?? 0)), 0);
    const size = x.reduce((sum, value, i) => sum + (square(value) + square(y[i] ?? 0)) / 2, 0);
    return Math.sqrt(difference / size);
  });
  return each.reduce((sum, value) => sum + value, 0) / Math.max(1, each.length);
}

function distance(a: Solution, b: Solution): number {
  let difference = 0;
  let size = 0;
  a.weights.forEach((values, index) => {
    const other = b.weights[index];
    values.forEach((value, i) => {
      const second = other?.[i] ?? 0;
      difference += (value - second) ** 2;
      size += (value * value + second * second) / 2;
    });
  });
  return Math.sqrt(difference / size);
}

/** Held-out loss at the points of the straight line between two solutions, less the mean of its ends. */
function barrier(task: Task, a: Solution, b: Solution): number {
  const drawn = draw(task, a.run.seed);
  try {
    const trained = drawn.all.filter(isTrained);
    const along = LINE.map((t) =>
      tf.tidy(() => {
        const tensors = trained.map((weight, index): [LiveWeight, tf.Tensor] => {
          const [from, to] = [a.weights[index], b.weights[index]];
          const mixed = Float32Array.from(from ?? [], (value, i) => value * (1 - t) + (to?.[i] ?? 0) * t);
          return [weight, tf.tensor(mixed, weight.tensor.shape, 'float32')];
        });
        return evaluate(task, withTensors(drawn, new Map(tensors))).loss;
      }),
    );
    return Math.max(...along) - (a.run.heldOut + b.run.heldOut) / 2;
  } finally {
    drawn.dispose();
  }
}

/** Inputs and targets (the user's, else the teacher's), one batch after the other; the caller disposes of them. */
function makeBatches(
  task: Pick<Task, 'spec' | 'request' | 'hooks'>,
  teachers: readonly Teacher[],
  count: number,
): Batch[] {
  const { spec, request, hooks } = task;
  return Array.from({ length: count }, (_, index) => {
    const inputs = spec.inputs.map((input): [string, tf.Tensor] => [
      input.node,
      makeInput(input, request.plan, 0, index, hooks.backend.generator, hooks.data),
    ]);
    const tensors = inputs.map(([, tensor]) => tensor);
    const targets = teachers.map((teacher, output) => {
      const { name = '', shape = [] } = spec.outputs[output] ?? {};
      const whole = shape.map((size) => size ?? request.plan.batch);
      const given = givenTargets(hooks.targets, name, lossFormOf(spec, output), whole, index);
      return given?.tensor ?? teacher.targets(tensors);
    });
    return { inputs: new Map(inputs), targets };
  });
}

function disposeOf(batches: readonly Batch[]): void {
  for (const { inputs, targets } of batches) {
    inputs.forEach((tensor) => tensor.dispose());
    targets.forEach((tensor) => tensor.dispose());
  }
}

function createTeachers({ spec, request, hooks }: Pick<Task, 'spec' | 'request' | 'hooks'>): Teacher[] {
  const shapes = spec.inputs.map(({ name }) => request.plan.inputs[name] ?? []);
  const sizes = shapes.map((shape) => shape.slice(1).reduce((product, size) => product * size, 1));
  const ids = spec.inputs.map(({ values }) => values === 'ids');
  return spec.outputs.map(({ name, shape }, index) => {
    const whole = shape.map((size) => size ?? request.plan.batch);
    return createTeacher(lossFormOf(spec, index), whole, sizes, ids, name, hooks.backend.generator);
  });
}

/** Batches for training and held out: all of the teacher's, or what the rows of the data give. */
function shares(rows: number | undefined, batch: number): { training: number; heldOut: number } {
  if (rows === undefined) return { training: TRAINING, heldOut: HELD_OUT };
  const whole = Math.floor(rows / batch);
  const heldOut = Math.max(1, Math.min(HELD_OUT, Math.floor(whole / 5)));
  if (whole >= 2) return { training: Math.min(TRAINING, whole - heldOut), heldOut };
  throw new InputError({
    message: 'the data has too few rows for a probe, which holds some out',
    found: `${rows} rows at batch ${batch}`,
    expected: `at least ${2 * batch}`,
    hint: `give more rows, or --batch ${Math.max(1, Math.floor(rows / 5))}`,
  });
}

/**
 * Trains one starting point with one optimizer on the seeded teacher task or the user's data: every rate on the first seed, the one with the lowest
 * held-out loss on all seeds, and compares the seeds' solutions. The same request gives the same numbers; no tensor is left.
 */
export function runProbe(request: ProbeRequest, hooks: ProbeHooks): ProbeRuns {
  const spec = applyChanges(request.spec, request.changes);
  const teachers = createTeachers({ spec, request, hooks });
  const { training, heldOut } = shares(hooks.rows, request.plan.batch);
  const made = makeBatches({ spec, request, hooks }, teachers, training + heldOut);
  const task: Task = {
    spec,
    request,
    hooks,
    training: made.slice(0, training),
    heldOut: made.slice(training),
  };
  const total = request.steps * (request.rates.length + request.seeds.length - 1);
  let done = 0;
  const onStep = () => {
    done++;
    if (done % 10 === 0) hooks.onProgress?.({ done: Math.min(done, total), total });
  };
  try {
    const [firstSeed = 1, ...others] = request.seeds;
    const tried = request.rates.map((rate) => train(task, firstSeed, rate, onStep));
    const order = (value: number) => (Number.isFinite(value) ? value : Infinity);
    const [best] = [...tried].sort((a, b) => order(a.run.heldOut) - order(b.run.heldOut));
    if (best === undefined) throw new RangeError('a probe needs at least one rate');
    const solutions = [best, ...others.map((seed) => train(task, seed, best.run.rate, onStep))];
    const pairs = solutions.slice(1).map((other): SolutionPair => ({
      seeds: [best.run.seed, other.run.seed],
      disagreement: disagreement(task, best, other),
      distance: distance(best, other),
      barrier: barrier(task, best, other),
    }));
    const uninformed = spec.outputs.reduce((sum, _, index) => {
      const targets = tf.tidy(() =>
        tf.concat(
          task.heldOut.flatMap((batch) => batch.targets[index] ?? []),
          0,
        ),
      );
      const loss = uninformedLoss(lossFormOf(spec, index), targets);
      targets.dispose();
      return sum + loss;
    }, 0);
    const runs = solutions.map(({ run }) => run);
    return { rate: best.run.rate, tried: tried.map(({ run }) => run), runs, pairs, uninformed };
  } finally {
    dropTape();
    disposeOf(made);
    teachers.forEach((teacher) => teacher.dispose());
  }
}
