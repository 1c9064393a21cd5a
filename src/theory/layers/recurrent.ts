import type { ActivationSpec } from '../../model/activations/activation.ts';
import { parseActivation } from '../../model/activations/catalogue.ts';
import type { LayerSpec, ModelSpec, WeightSpec } from '../../model/spec.ts';
import type { LayerLaw } from '../law.ts';
import { size, weightMoments } from '../law.ts';
import { momentTable, type MomentTable } from '../activationMoments.ts';
import { affine, bent, NO_BIAS, varianceOf, type Signal, type WeightMoments } from '../signal.ts';
import {
  backThroughTime,
  gruBack,
  lstmBack,
  simpleBack,
  type Squashed,
  type StepBack,
} from '../throughTime.ts';

const MOST_STEPS = 400;
/** Moments count as settled when what later steps would still add, as a geometric series, is below this share. */
const STILL = 1e-3;

interface Step {
  readonly input: WeightMoments;
  readonly inputFan: number;
  readonly recurrent: WeightMoments;
  readonly recurrentFan: number;
  readonly bias: WeightMoments;
}

const TANH: ActivationSpec = { id: 'tanh', params: {}, written: 'tanh' };
const SIGMOID: ActivationSpec = { id: 'sigmoid', params: {}, written: 'sigmoid' };
const ZERO: Signal = { mean: 0, second: 0, cross: 0, unit: 0, unitCross: 0, logVariance: 0 };

function stepOf(spec: ModelSpec, layer: LayerSpec, prefix: string): Step | undefined {
  const named = (part: WeightSpec['part']): WeightSpec | undefined =>
    layer.weights.find((weight) => weight.part === part && weight.name.startsWith(prefix));
  const kernel = named('kernel');
  const recurrent = named('recurrent');
  if (kernel === undefined || recurrent === undefined) return undefined;
  const drawn = named('bias');
  const bias = drawn?.initializer.id === 'forgetGateOnes' ? undefined : drawn;
  return {
    input: weightMoments(spec, kernel),
    inputFan: kernel.effectiveFanIn,
    recurrent: weightMoments(spec, recurrent),
    recurrentFan: recurrent.effectiveFanIn,
    bias: bias === undefined ? NO_BIAS : weightMoments(spec, bias),
  };
}

function gateActivation(layer: LayerSpec): ActivationSpec {
  const raw = layer.config['recurrentActivation'] ?? layer.config['recurrent_activation'];
  if (typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw['id'] === 'string') {
    return raw as unknown as ActivationSpec;
  }
  return parseActivation(raw) ?? SIGMOID;
}

const add = (left: Signal, right: Signal): Signal => ({
  mean: left.mean + right.mean,
  second: left.second + right.second,
  cross: left.cross + right.cross,
  unit: left.unit + right.unit,
  unitCross: left.unitCross + right.unitCross,
  logVariance: left.logVariance,
});

const times = (left: Signal, right: Signal): Signal => ({
  mean: left.mean * right.mean,
  second: left.second * right.second,
  cross: left.cross * right.cross,
  unit: left.unit * right.unit,
  unitCross: left.unitCross * right.unitCross,
  logVariance: left.logVariance,
});

/** Everything a cell needs to go one step on. */
interface Cell {
  readonly step: Step;
  /** Moments of the input's products with its kernel and of the bias, the same at every step. */
  readonly fromInput: Signal;
  readonly activation: MomentTable | undefined;
  readonly gate: MomentTable | undefined;
}

/** A state after a step, with the way back through it. */
interface Advanced {
  readonly state: Signal;
  readonly carry: Signal;
  readonly back: StepBack;
}

type Advance = (cell: Cell, state: Signal, carry: Signal) => Advanced;

const preActivation = ({ step, fromInput }: Cell, state: Signal): Signal =>
  add(fromInput, affine(state, step.recurrentFan, step.recurrent, NO_BIAS));

function through(z: Signal, table: MomentTable | undefined): Squashed {
  const variance = varianceOf(z);
  const moments = table?.at(z.mean, variance);
  if (moments === undefined) return { output: z, slopeSquared: 0 };
  return { output: bent(z, variance, moments), slopeSquared: moments.slopeSquared };
}

const simple: Advance = (cell, state) => {
  const pre = preActivation(cell, state);
  const squashed = through(pre, cell.activation);
  return { state: squashed.output, carry: ZERO, back: simpleBack(squashed) };
};

const lstm =
  (forgetBias: number): Advance =>
  (cell, state, carry) => {
    const pre = preActivation(cell, state);
    const gate = through(pre, cell.gate);
    const forget = forgetBias === 0 ? gate : through(shift(pre, forgetBias), cell.gate);
    const candidate = through(pre, cell.activation);
    const next = add(times(forget.output, carry), times(gate.output, candidate.output));
    const squashed = through(next, cell.activation);
    const back = lstmBack({ gate, forget, candidate, carry, squashed });
    return { state: times(gate.output, squashed.output), carry: next, back };
  };

const shift = (z: Signal, by: number): Signal => {
  const extra = 2 * z.mean * by + by * by;
  return {
    mean: z.mean + by,
    second: z.second + extra,
    cross: z.cross + extra,
    unit: z.unit + extra,
    unitCross: z.unitCross + extra,
    logVariance: 0,
  };
};

const complement = (gate: Signal): Signal => ({
  mean: 1 - gate.mean,
  second: 1 - 2 * gate.mean + gate.second,
  cross: 1 - 2 * gate.mean + gate.cross,
  unit: 1 - 2 * gate.mean + gate.unit,
  unitCross: 1 - 2 * gate.mean + gate.unitCross,
  logVariance: gate.logVariance,
});

const gru: Advance = (cell, state) => {
  const pre = preActivation(cell, state);
  const gate = through(pre, cell.gate);
  const reset = times(gate.output, state);
  const candidate = through(preActivation(cell, reset), cell.activation);
  const rest = complement(gate.output);
  const product = cell.step.recurrent.variance * cell.step.recurrentFan * state.second;
  const next = add(times(gate.output, state), times(rest, candidate.output));
  return { state: next, carry: ZERO, back: gruBack({ gate, rest, candidate, state, product }) };
};

/** What a run over a sequence gives; `backs` has one entry a step. */
interface Run {
  readonly last: Signal;
  readonly average: Signal;
  readonly backs: readonly StepBack[];
}

/** Runs a cell over the steps of a sequence; constant input moments, so it stops when nothing moves any more. */
function run(cell: Cell, advance: Advance, steps: number): Run {
  let [before, state, carry, average] = [ZERO, ZERO, ZERO, ZERO];
  const backs: StepBack[] = [];
  for (let step = 0; step < Math.min(steps, MOST_STEPS); step += 1) {
    const next = advance(cell, state, carry);
    const earlier = before;
    [before, state, carry] = [state, next.state, next.carry];
    backs.push(next.back);
    average = add(average, state);
    const left = steps - 1 - step;
    if (step > 3 && settled(earlier, before, state)) {
      average = add(average, multiply(state, left));
      backs.push(...Array.from({ length: Math.min(left, MOST_STEPS) }, () => next.back));
      return { last: state, average: multiply(average, 1 / steps), backs };
    }
  }
  return { last: state, average: multiply(average, 1 / Math.min(steps, MOST_STEPS)), backs };
}

/** What a series of changes, the last two of which are these, would still add. */
function toCome(change: number, before: number): number {
  if (change === 0) return 0;
  const ratio = Math.abs(change / before);
  return ratio < 1 ? (Math.abs(change) * ratio) / (1 - ratio) : Infinity;
}

/** Whether neither the size of a state nor what two samples share of it moves any more. */
const settled = (earlier: Signal, before: Signal, state: Signal): boolean =>
  toCome(state.second - before.second, before.second - earlier.second) < STILL * state.second &&
  toCome(state.cross - before.cross, before.cross - earlier.cross) < STILL * state.second;

const multiply = (signal: Signal, by: number): Signal => ({
  mean: signal.mean * by,
  second: signal.second * by,
  cross: signal.cross * by,
  unit: signal.unit * by,
  unitCross: signal.unitCross * by,
  logVariance: signal.logVariance,
});

function recurrent(advanceOf: (layer: LayerSpec) => Advance): LayerLaw {
  return ({ spec, layer, node, inputs, inputShapes }) => {
    const [input] = inputs;
    const step = stepOf(spec, layer, '');
    const [to] = node.outputs;
    if (input === undefined || step === undefined || to === undefined) return 'it has no kernels';
    const units = step.recurrentFan;
    const steps = size(inputShapes[0]?.[1]);
    const cell: Cell = {
      step,
      fromInput: affine(input, step.inputFan, step.input, step.bias),
      activation: momentTable(layer.activation ?? TANH),
      gate: momentTable(gateActivation(layer)),
    };
    const { last, average, backs } = run(cell, advanceOf(layer), steps);
    const sequence = to.length === 3;
    const logVariance = input.logVariance * 0.25 + 2 / units;
    const output = { ...(sequence ? average : last), logVariance };
    return {
      outputs: node.outputs.map((_, at) => (at === 0 ? output : { ...last, logVariance })),
      back: ({ energy }) => {
        const arriving = (index: number): number =>
          sequence ? energy / steps : index === backs.length - 1 ? energy : 0;
        const gates = backThroughTime(backs, step.recurrent.variance * step.recurrentFan, arriving);
        return { own: energy, inputs: [{ energy: gates * step.input.variance * step.inputFan }] };
      },
    };
  };
}

/** SimpleRNN: moments step by step, gradient through time. */
export const simpleRnnLaw: LayerLaw = recurrent(() => simple);

const forgetBiasOf = (layer: LayerSpec): number => {
  const unit = layer.config['unitForgetBias'] ?? layer.config['unit_forget_bias'];
  return unit === true ? 1 : 0;
};

/** LSTM: gates and cell step by step, gradient through time. */
export const lstmLaw: LayerLaw = recurrent((layer) => lstm(forgetBiasOf(layer)));

/** GRU: gates and state step by step, gradient through time. */
export const gruLaw: LayerLaw = recurrent(() => gru);
