import { type ConvConfig, convolved, readWindow } from './conv.ts';
import { declareWeight, defaultKernel, onlyInput, product } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { lstmBias, readForgetBias } from './lstm.ts';
import { type ActivationJson, readGateActivation, RECURRENT_ARGUMENTS } from './recurrent.ts';
import { joinShape, spatialRank, splitShape } from './spatial.ts';
import type { Shape } from '../shape.ts';

export type ConvLstmConfig = Omit<ConvConfig, 'groups'> & {
  readonly recurrentActivation: ActivationJson;
  readonly unitForgetBias: boolean;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
};

const frame = (config: ConvLstmConfig, inputs: readonly Shape[]): Shape => {
  const input = onlyInput(inputs, config.rank + 3);
  return [input[0] ?? null, ...input.slice(2)];
};

/** LSTM whose products are convolutions: kernel (k…, in, 4f) with stride and padding, recurrent (k…, f, 4f) with padding same. */
export const convLstm: LayerKind<ConvLstmConfig> = {
  id: 'convLstm',
  classes: ['ConvLSTM1D', 'ConvLSTM2D', 'ConvLSTM3D'],
  signal: 'weighted',
  callArguments: RECURRENT_ARGUMENTS,
  parse: (raw) => {
    const activation = raw.activation(['activation'], 'tanh');
    const unitForgetBias = readForgetBias(raw);
    const bias = raw.initializer(['bias_initializer'], 'zeros');
    return {
      config: {
        ...readWindow(raw, spatialRank(raw.className)),
        filters: raw.size(['filters', 'nb_filter']),
        recurrentActivation: readGateActivation(raw),
        unitForgetBias,
        returnSequences: raw.boolean(['return_sequences'], false),
        returnState: raw.boolean(['return_state'], false),
        goBackwards: raw.boolean(['go_backwards'], false),
      },
      ...(activation === undefined ? {} : { activation }),
      initializers: {
        kernel: raw.initializer(['kernel_initializer', 'init'], defaultKernel(raw.semantics)),
        recurrent_kernel: raw.initializer(['recurrent_initializer', 'inner_init'], 'orthogonal'),
        bias: lstmBias(bias, unitForgetBias, raw.semantics),
      },
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, config.rank + 3);
    const { spatial } = splitShape(frame(config, inputs), config.dataFormat);
    const state = joinShape(input[0] ?? null, convolved(config, spatial), config.filters, config.dataFormat);
    const output = config.returnSequences ? [input[0] ?? null, input[1] ?? null, ...state.slice(1)] : state;
    return [output, ...(config.returnState ? [state, state] : [])];
  },
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const { channels } = splitShape(frame(config, inputs), config.dataFormat);
    const field = product(config.kernelSize);
    const out = 4 * config.filters;
    const plans = [
      {
        name: 'kernel',
        part: 'kernel',
        shape: [...config.kernelSize, channels, out],
        effective: [field * channels, (field * out) / product(config.strides)],
        gates: 4,
      },
      {
        name: 'recurrent_kernel',
        part: 'recurrent',
        shape: [...config.kernelSize, config.filters, out],
        effective: [field * config.filters, field * out],
        key: 'recurrent_initializer',
        gates: 4,
      },
      ...(config.useBias ? [{ name: 'bias', part: 'bias', shape: [out], gates: 4 } as const] : []),
    ] as const;
    return plans.map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (config, inputs) => {
    const input = onlyInput(inputs, config.rank + 3);
    const { spatial, channels } = splitShape(frame(config, inputs), config.dataFormat);
    const positions = product(convolved(config, spatial)) * (input[1] ?? 1);
    return positions * product(config.kernelSize) * (channels + config.filters) * 4 * config.filters;
  },
};
