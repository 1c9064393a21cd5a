import type { InitializerKind } from './initializer.ts';
import { numberParameter } from './parameter.ts';

/**
 * An LSTM's bias with the forget gate (second quarter, order i f c o) at `forget` and the rest at `base`: what Keras draws for
 * `unit_forget_bias: true`. It has no spelling as an initializer; readers write the flag.
 */
export const forgetGateOnes: InitializerKind = {
  id: 'forgetGateOnes',
  names: ['forgetGateOnes'],
  params: (written) => ({
    base: numberParameter(written, ['base'], 0),
    forget: numberParameter(written, ['forget'], 1),
  }),
  law: ({ base = 0, forget = 1 }, { shape }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const quarter = size / 4;
    const values = new Array<number>(size).fill(Number(base));
    values.fill(Number(forget), Math.ceil(quarter), Math.ceil(2 * quarter));
    return { kind: 'values', values };
  },
  serialize: () => undefined,
};
