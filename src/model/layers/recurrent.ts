import type { ActivationSpec } from '../activations/activation.ts';
import { LINEAR } from '../activations/catalogue.ts';
import type { InitializerSpec } from '../initializers/initializer.ts';
import type { Shape } from '../shape.ts';
import { declareWeight, defaultKernel, knownSize, onlyInput } from './declare.ts';
import type { LayerKind, RawConfig } from './kind.ts';
import type { WeightPlan } from './declare.ts';

/** An activation inside a config. */
export type ActivationJson = {
  readonly id: string;
  readonly params: { readonly [name: string]: number };
  readonly written: string;
};

/** What recurrent layers share; `activation` (tanh) stands at the layer, `recurrentActivation` (gates) here. */
export type RecurrentConfig = {
  readonly units: number;
  readonly useBias: boolean;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
};

/** The config's own form of an activation. */
function activationJson(spec: ActivationSpec | undefined): ActivationJson {
  const { id, params, written } = spec ?? LINEAR;
  return { id, params: { ...params }, written };
}

/** The options of a recurrent layer or cell under the names of Keras 1 to 3 and TF.js. */
export function readRecurrent(raw: RawConfig): RecurrentConfig {
  return {
    units: raw.size(['units', 'output_dim']),
    useBias: raw.boolean(['use_bias'], true),
    returnSequences: raw.boolean(['return_sequences'], false),
    returnState: raw.boolean(['return_state'], false),
    goBackwards: raw.boolean(['go_backwards'], false),
  };
}

/** The activation of the gates: hard_sigmoid where the file names none, but for Keras 3; always sigmoid in the CuDNN layers. */
export function readGateActivation(raw: RawConfig): ActivationJson {
  if (raw.className.startsWith('CuDNN')) return { id: 'sigmoid', params: {}, written: 'sigmoid' };
  const fallback = raw.semantics === 'keras3' ? 'sigmoid' : 'hard_sigmoid';
  return activationJson(raw.activation(['recurrent_activation', 'inner_activation'], fallback));
}

/** The three initializers of a recurrent layer. */
function readRecurrentInitializers(raw: RawConfig) {
  return {
    kernel: raw.initializer(['kernel_initializer', 'init'], defaultKernel(raw.semantics)),
    recurrent_kernel: raw.initializer(['recurrent_initializer', 'inner_init'], 'orthogonal'),
    bias: raw.initializer(['bias_initializer'], 'zeros'),
  };
}

/** Sequences (batch, steps, features), or a cell's step (batch, features). */
function stepFeatures(inputs: readonly Shape[]): {
  readonly steps: number;
  readonly features: number;
} {
  const [input] = inputs;
  if (input?.length === 2) return { steps: 1, features: knownSize(input, -1) };
  const sequence = onlyInput(inputs, 3);
  return { steps: knownSize(sequence, 1), features: knownSize(sequence, 2) };
}

/** The output and, when asked for, `states` states of the layer. */
function recurrentOutputs(
  config: RecurrentConfig,
  inputs: readonly Shape[],
  states: number,
): readonly Shape[] {
  const input = onlyInput(inputs, 3);
  const batch = input[0] ?? null;
  const state: Shape = [batch, config.units];
  const output: Shape = config.returnSequences ? [batch, input[1] ?? null, config.units] : state;
  return [output, ...(config.returnState ? Array.from({ length: states }, () => state) : [])];
}

/** Kernel (features, gates · units), recurrent kernel (units, gates · units) and a bias of `biasShape`. */
function recurrentWeights(
  config: RecurrentConfig,
  features: number,
  gates: number,
  biasShape: readonly number[],
  biasKey = 'bias_initializer',
): readonly WeightPlan[] {
  const { units } = config;
  const out = gates * units;
  const stacked = gates === 1 ? {} : { gates };
  return [
    { name: 'kernel', part: 'kernel', shape: [features, out], effective: [features, out], ...stacked },
    {
      name: 'recurrent_kernel',
      part: 'recurrent',
      shape: [units, out],
      effective: [units, out],
      key: 'recurrent_initializer',
      ...stacked,
    },
    ...(config.useBias
      ? [{ name: 'bias', part: 'bias', shape: biasShape, key: biasKey, ...stacked } as const]
      : []),
  ];
}

/** Keyword tensors of recurrent layers: the states they start from. */
export const RECURRENT_ARGUMENTS: readonly string[] = ['initial_state', 'constants'];

/** What one recurrent kind has that others have not. */
interface RecurrentDesign<C extends RecurrentConfig> {
  readonly id: string;
  readonly classes: readonly string[];
  /** Blocks of `units` columns in its kernels, and tensors it hands from step to step. */
  readonly gates: number;
  readonly states: number;
  readonly config: (raw: RawConfig) => C;
  /** The bias as it is drawn, where that is not what the file says. */
  readonly bias?: (written: InitializerSpec, config: C, raw: RawConfig) => InitializerSpec;
  /** Shape of the bias, where it is not one vector over the gates. */
  readonly biasShape?: (config: C) => readonly number[];
}

/** A recurrent layer, and its cell for one step, of this design. */
export function recurrentKind<C extends RecurrentConfig>(design: RecurrentDesign<C>): LayerKind<C> {
  const { id, classes, gates, states } = design;
  return {
    id,
    classes,
    signal: 'weighted',
    callArguments: RECURRENT_ARGUMENTS,
    parse: (raw) => {
      const activation = raw.activation(['activation'], 'tanh');
      const config = design.config(raw);
      const initializers = readRecurrentInitializers(raw);
      const bias = design.bias?.(initializers.bias, config, raw) ?? initializers.bias;
      return {
        config,
        ...(activation === undefined ? {} : { activation }),
        initializers: { ...initializers, bias },
      };
    },
    outputs: (config, inputs) => recurrentOutputs(config, inputs, states),
    weights: (parsed, inputs, semantics) => {
      const { config } = parsed;
      const bias = design.biasShape?.(config) ?? [gates * config.units];
      const plans = recurrentWeights(config, stepFeatures(inputs).features, gates, bias);
      return plans.map((plan) => declareWeight(plan, parsed, semantics));
    },
    multiplyAdds: ({ units }, inputs) => {
      const { steps, features } = stepFeatures(inputs);
      return gates * steps * (features + units) * units;
    },
  };
}

/** Activations of cells that run over a whole sequence in one operation, by the number that the kernels know them by: their value gives their derivative. */
export const FUSED_ACTIVATIONS: readonly string[] = ['linear', 'relu', 'tanh', 'sigmoid', 'hard_sigmoid'];
