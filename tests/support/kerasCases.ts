import type { KerasCase } from './kerasCase.ts';
import { ATTENTION, RECURRENT } from './kerasSequences.ts';
import { NORMS, REST } from './kerasUnits.ts';
import { CONVOLUTIONS, SHAPES } from './kerasWindows.ts';

const both = [
  'elu',
  'exponential',
  'gelu',
  'hard_sigmoid',
  'linear',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
];
/** Of Keras 3 alone; its sparsemax (3.15) is none: ours is held to the paper in tests/unit/engine. */
const three = [
  'celu',
  'hard_shrink',
  'hard_silu',
  'hard_tanh',
  'leaky_relu',
  'log_sigmoid',
  'log_softmax',
  'silu',
  'soft_shrink',
  'sparse_plus',
  'sparse_sigmoid',
  'squareplus',
  'tanh_shrink',
];
const activations = [
  ...both.map((activation): KerasCase => ({ class: 'Activation', config: { activation }, inputs: [[3, 8]] })),
  ...three.map((activation): KerasCase => ({
    class: 'Activation',
    config: { activation },
    inputs: [[3, 8]],
    only: 'keras3',
  })),
];

/** Every layer kind that Keras has, in the forms whose arithmetic differs. */
export const KERAS_CASES: readonly KerasCase[] = [
  ...CONVOLUTIONS,
  ...NORMS,
  ...RECURRENT,
  ...ATTENTION,
  ...SHAPES,
  ...REST,
  ...activations,
];
