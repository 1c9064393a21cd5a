import type { ActivationSpec } from '../../model/activations/activation.ts';
import { parseActivation } from '../../model/activations/catalogue.ts';
import type { LayerSpec, ModelSpec, WeightSpec } from '../../model/spec.ts';
import { activationMoments } from '../activationMoments.ts';
import type { Arriving, LawInput, LayerLaw, Propagated } from '../law.ts';
import { size, weightMoments } from '../law.ts';
import { activate, affine, NO_BIAS, scaled, type Signal, type WeightMoments } from '../signal.ts';

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
  readonly units: number;
  readonly activation: ActivationSpec;
  readonly gate: ActivationSpec;
}

type Advance = (
  cell: Cell,
  input: Signal,
  state: Signal,
  carry: Signal,
) => { state: Signal; carry: Signal; pre: Signal };

function preActivation({ step }: Cell, input: Signal, state: Signal, extraBias = 0): Signal {
  const bias = { mean: step.bias.mean + extraBias, variance: step.bias.variance };
  return add(
    affine(input, step.inputFan, step.input, bias),
    affine(state, step.recurrentFan, step.recurrent, NO_BIAS),
  );
}

const through = (z: Signal, activation: ActivationSpec, units: number): Signal =>
  activate({ ...z, logVariance: 0 }, activation, units)?.output ?? z;

const simple: Advance = (cell, input, state) => {
  const pre = preActivation(cell, input, state);
  return { state: through(pre, cell.activation, cell.units), carry: ZERO, pre };
};

const lstm =
  (forgetBias: number): Advance =>
  (cell, input, state, carry) => {
    const pre = preActivation(cell, input, state);
    const gate = through(pre, cell.gate, cell.units);
    const forget = through({ ...pre, ...shift(pre, forgetBias) }, cell.gate, cell.units);
    const candidate = through(pre, cell.activation, cell.units);
    const next = add(times(forget, carry), times(gate, candidate));
    return { state: times(gate, through(next, cell.activation, cell.units)), carry: next, pre };
  };

const shift = (z: Signal, by: number): Pick<Signal, 'mean' | 'second' | 'cross' | 'unit' | 'unitCross'> => {
  const extra = 2 * z.mean * by + by * by;
  return {
    mean: z.mean + by,
    second: z.second + extra,
    cross: z.cross + extra,
    unit: z.unit + extra,
    unitCross: z.unitCross + extra,
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

const gru: Advance = (cell, input, state) => {
  const pre = preActivation(cell, input, state);
  const gate = through(pre, cell.gate, cell.units);
  const reset = times(gate, state);
  const candidate = through(preActivation(cell, input, reset), cell.activation, cell.units);
  return { state: add(times(gate, state), times(complement(gate), candidate)), carry: ZERO, pre };
};

/** Runs a cell over the steps of a sequence; constant input moments, so it stops when nothing moves any more. */
function run(
  cell: Cell,
  advance: Advance,
  input: Signal,
  steps: number,
): { last: Signal; average: Signal; pre: Signal } {
  let state = ZERO;
  let carry = ZERO;
  let pre = ZERO;
  let average = ZERO;
  for (let step = 0; step < Math.min(steps, MOST_STEPS); step += 1) {
    const before = state;
    ({ state, carry, pre } = advance(cell, input, state, carry));
    average = add(average, state);
    const left = steps - 1 - step;
    if (step > 3 && Math.abs(state.second - before.second) < 1e-6 * state.second) {
      average = add(average, { ...scaled(state, 1), ...multiply(state, left) });
      return { last: state, average: { ...average, ...multiply(average, 1 / steps) }, pre };
    }
  }
  return { last: state, average: { ...average, ...multiply(average, 1 / Math.min(steps, MOST_STEPS)) }, pre };
}

const multiply = (signal: Signal, by: number): Omit<Signal, 'logVariance'> => ({
  mean: signal.mean * by,
  second: signal.second * by,
  cross: signal.cross * by,
  unit: signal.unit * by,
  unitCross: signal.unitCross * by,
});

function recurrent(advanceOf: (layer: LayerSpec) => Advance, gradient: boolean) {
  return ({ spec, layer, node, inputs, inputShapes }: LawInput, prefix = ''): Propagated | string => {
    const [input] = inputs;
    const step = stepOf(spec, layer, prefix);
    const [to] = node.outputs;
    if (input === undefined || step === undefined || to === undefined) return 'it has no kernels';
    const units = step.recurrentFan;
    const steps = size(inputShapes[0]?.[1]);
    const cell: Cell = { step, units, activation: layer.activation ?? TANH, gate: gateActivation(layer) };
    const flat: Signal = { ...input, logVariance: 0 };
    const { last, average, pre } = run(cell, advanceOf(layer), flat, steps);
    const sequence = to.length === 3;
    const logVariance = input.logVariance * 0.25 + 2 / units;
    const output = { ...(sequence ? average : last), logVariance };
    const back = gradient ? simpleBack(cell, pre, steps, sequence) : (): undefined => undefined;
    return { outputs: node.outputs.map((_, at) => (at === 0 ? output : { ...last, logVariance })), back };
  };
}

/** Gradient of a SimpleRNN through time: each step multiplies by u·Var(U)·E[φ′²]. */
function simpleBack(cell: Cell, pre: Signal, steps: number, sequence: boolean): Propagated['back'] {
  const slope = activationMoments(cell.activation, 0, pre.second)?.slopeSquared;
  return ({ energy }) => {
    if (slope === undefined) return undefined;
    const perStep = cell.step.recurrent.variance * cell.step.recurrentFan * slope;
    let arriving = sequence ? energy / steps : energy;
    let total = 0;
    for (let step = 0; step < steps; step += 1) {
      total += arriving * slope;
      arriving = arriving * perStep + (sequence ? energy / steps : 0);
    }
    const inputs: Arriving[] = [{ energy: total * cell.step.input.variance * cell.step.inputFan }];
    return { own: energy, inputs };
  };
}

/** SimpleRNN: moments step by step, gradient through time. */
export const simpleRnnLaw: LayerLaw = (input) => recurrent(() => simple, true)(input);

const forgetBiasOf = (layer: LayerSpec): number => {
  const unit = layer.config['unitForgetBias'] ?? layer.config['unit_forget_bias'];
  return unit === true ? 1 : 0;
};

/** LSTM: gates and cell step by step; no gradient law. */
export const lstmLaw: LayerLaw = (input) => recurrent((layer) => lstm(forgetBiasOf(layer)), false)(input);

/** GRU: gates and state step by step; no gradient law. */
export const gruLaw: LayerLaw = (input) => recurrent(() => gru, false)(input);
