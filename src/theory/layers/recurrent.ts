import type { ActivationSpec } from '../../model/activations/activation.ts';
import { parseActivation } from '../../model/activations/catalogue.ts';
import type { LayerSpec, ModelSpec, WeightSpec } from '../../model/spec.ts';
import type { LayerLaw } from '../law.ts';
import { size, weightMoments } from '../law.ts';
import { activate, affine, NO_BIAS, scaled, type Signal, type WeightMoments } from '../signal.ts';
import {
  backThroughTime,
  gruBack,
  lstmBack,
  simpleBack,
  type Squashed,
  type StepBack,
} from '../throughTime.ts';

const MOST_STEPS = 400;

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
  readonly units: number;
  readonly activation: ActivationSpec;
  readonly gate: ActivationSpec;
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

const through = (z: Signal, activation: ActivationSpec, units: number): Squashed =>
  activate(z, activation, units) ?? { output: z, slopeSquared: 0 };

const simple: Advance = (cell, state) => {
  const pre = preActivation(cell, state);
  const squashed = through(pre, cell.activation, cell.units);
  return { state: squashed.output, carry: ZERO, back: simpleBack(squashed) };
};

const lstm =
  (forgetBias: number): Advance =>
  (cell, state, carry) => {
    const pre = preActivation(cell, state);
    const gate = through(pre, cell.gate, cell.units);
    const forget = forgetBias === 0 ? gate : through(shift(pre, forgetBias), cell.gate, cell.units);
    const candidate = through(pre, cell.activation, cell.units);
    const next = add(times(forget.output, carry), times(gate.output, candidate.output));
    const squashed = through(next, cell.activation, cell.units);
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
  const gate = through(pre, cell.gate, cell.units);
  const reset = times(gate.output, state);
  const candidate = through(preActivation(cell, reset), cell.activation, cell.units);
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
  let state = ZERO;
  let carry = ZERO;
  let average = ZERO;
  const backs: StepBack[] = [];
  for (let step = 0; step < Math.min(steps, MOST_STEPS); step += 1) {
    const before = state;
    const next = advance(cell, state, carry);
    ({ state, carry } = next);
    backs.push(next.back);
    average = add(average, state);
    const left = steps - 1 - step;
    if (step > 3 && Math.abs(state.second - before.second) < 1e-4 * state.second) {
      average = add(average, { ...scaled(state, 1), ...multiply(state, left) });
      backs.push(...Array.from({ length: Math.min(left, MOST_STEPS) }, () => next.back));
      return { last: state, average: { ...average, ...multiply(average, 1 / steps) }, backs };
    }
  }
  return {
    last: state,
    average: { ...average, ...multiply(average, 1 / Math.min(steps, MOST_STEPS)) },
    backs,
  };
}

const multiply = (signal: Signal, by: number): Omit<Signal, 'logVariance'> => ({
  mean: signal.mean * by,
  second: signal.second * by,
  cross: signal.cross * by,
  unit: signal.unit * by,
  unitCross: signal.unitCross * by,
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
      units,
      activation: layer.activation ?? TANH,
      gate: gateActivation(layer),
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
