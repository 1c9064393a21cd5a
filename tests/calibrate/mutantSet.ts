import { cnn, depthwise, type Generated, lenet, mlp, normMlp, recurrent, residual } from './families.ts';
import { constant, GLOROT, HE, type Init, LECUN, normal, uniform } from './net.ts';
import { onPixels, pixels } from './pixels.ts';
import { at, type Mutant } from './sample.ts';
import { transformer } from './transformer.ts';

const SCALE_UP = [
  'exploding-signal',
  'exploding-gradient',
  'initial-loss',
  'saturated-activation',
  'non-finite',
];
const SCALE_DOWN = ['vanishing-signal', 'vanishing-gradient', 'constant-signal'];

/** Faults of rules.md with the rules that may say so and the layers that cause them. */
export function mutantSet(full: boolean): readonly Mutant[] {
  const width = full ? 512 : 64;
  const depth = 10;
  const all = Array.from({ length: depth }, (_, index) => `d${index + 1}`);
  const mutants: Mutant[] = [];
  const add = (model: Generated, rules: readonly string[], causes: readonly string[]): void =>
    void mutants.push({ model, rules, causes });
  for (const activation of ['relu', 'tanh']) {
    const rest = activation === 'relu' ? HE : GLOROT;
    const whole = (name: string, init: Init, rules: readonly string[], causes = ['d1']): void =>
      add(mlp(`${name}-${activation}-all`, width, depth, { init, activation }), rules, causes);
    whole('n01', normal(1), SCALE_UP);
    whole('u1', uniform(1), SCALE_UP);
    whole('constant', constant(0.2), ['symmetric-units']);
    whole('ones', 'ones', ['symmetric-units']);
    whole('zeros', 'zeros', ['symmetric-units']);
    for (const where of [0, 4, 8]) {
      const one = (name: string, init: Init, rules: readonly string[]): void =>
        add(
          mlp(`${name}-${activation}-d${where + 1}`, width, depth, {
            init: at(where, init, rest),
            activation,
          }),
          rules,
          [`d${where + 1}`],
        );
      one('n01', normal(activation === 'relu' ? 4 : 1), [...SCALE_UP, 'exploding-gradient']);
      one('ones', 'ones', ['symmetric-units']);
      if (activation === 'relu') one('zeros', 'zeros', ['symmetric-units']);
    }
  }
  add(normMlp('n01-bn', width, 5, { init: normal(1) }), ['normalized-kernel-scale'], ['d1']);
  for (const [name, init, activation] of [
    ['glorot-relu', GLOROT, 'relu'],
    ['lecun-relu', LECUN, 'relu'],
    ['glorot-gelu', GLOROT, 'gelu'],
    ['glorot-silu', GLOROT, 'silu'],
    ['he-selu', HE, 'selu'],
  ] as const) {
    const deep = full ? 256 : 128;
    const rules = name === 'he-selu' ? ['exploding-gradient', 'exploding-signal', ...SCALE_UP] : SCALE_DOWN;
    add(mlp(`${name}-30`, deep, 30, { init, activation, semantics: 'keras3' }), rules, ['d1']);
  }
  add(mlp('n001-relu-10', width, 10, { init: normal(0.01) }), SCALE_DOWN, ['d1']);
  add(cnn('n001-vgg', 16, [16, 32, 32], { init: normal(0.01) }), SCALE_DOWN, ['c1', 'c2']);
  add(
    normMlp('beta-1', width, 5, { init: HE, beta: constant(-1) }),
    ['bias-init', 'dead-relu'],
    ['d1', 'batchnormalization_2', 'batchnormalization_1', 'd2'],
  );
  add(
    mlp('bias-1', width, 6, { init: HE, bias: constant(-1) }),
    ['bias-init', 'dead-relu', ...SCALE_DOWN],
    all,
  );
  add(
    mlp('bias-3', width, 6, { init: HE, bias: constant(-3) }),
    ['bias-init', 'dead-relu', ...SCALE_DOWN],
    ['d1'],
  );
  // Training labels it (labels/train.py): 2 of 10 seeds never start, the loss is 1.14 [1.01, 1.28] times the healthy one's.
  add(
    lenet('lenet-bias-1', { init: HE, bias: constant(-1), pooling: 'MaxPooling2D' }),
    ['bias-init', 'dead-relu', ...SCALE_DOWN],
    ['c1', 'c2', 'd1', 'd2'],
  );
  add(
    mlp('gelu-bias-1', width, 6, { init: HE, activation: 'gelu', bias: constant(-1), semantics: 'keras3' }),
    ['bias-init', ...SCALE_DOWN],
    ['d1'],
  );
  add(mlp('head-n01', width, 3, { init: HE, head: normal(1) }), ['initial-loss'], ['head']);
  add(
    mlp('head-n05-mse', width, 3, { init: HE, head: normal(1), headActivation: 'linear', headUnits: 1 }),
    ['initial-loss'],
    ['head'],
  );
  add(lenet('head-n01-lenet', { init: HE, head: normal(1) }), ['initial-loss'], ['head']);
  add(
    recurrent('lstm-n01', 'LSTM', 40, { kernel_initializer: normal(1), recurrent_initializer: normal(1) }),
    ['saturated-activation', 'recurrent-scale'],
    ['rnn'],
  );
  add(
    recurrent('gru-u1', 'GRU', 40, { kernel_initializer: uniform(1), recurrent_initializer: uniform(1) }),
    ['saturated-activation', 'recurrent-scale'],
    ['rnn'],
  );
  add(
    recurrent('rnn-n01', 'SimpleRNN', 40, { recurrent_initializer: normal(1) }),
    ['saturated-activation', 'recurrent-scale'],
    ['rnn'],
  );
  add(
    recurrent('lstm-constant', 'LSTM', 40, {
      kernel_initializer: constant(0.1),
      recurrent_initializer: constant(0.05),
    }),
    ['symmetric-units'],
    ['rnn'],
  );
  add(residual('res-plain-50', 50, 64, 'plain', { init: HE }), ['residual-growth'], ['b1', 'a1']);
  add(
    mlp('sigmoid-3', width, 3, { init: GLOROT, activation: 'sigmoid' }),
    ['constant-signal', 'vanishing-gradient', 'vanishing-signal'],
    ['d1', 'd2', 'd3'],
  );
  add(
    mlp('sigmoid-10', width, 10, { init: GLOROT, activation: 'sigmoid' }),
    ['constant-signal', 'vanishing-gradient', 'vanishing-signal'],
    ['d1', 'd2'],
  );
  add(depthwise('depthwise-keras-fans', 4, HE, HE, false), SCALE_DOWN, ['w1']);
  for (const norm of ['pre', 'post'] as const) {
    add(
      transformer(`attention-n05-${norm}`, 4, { norm, queries: normal(0.5) }),
      ['attention-saturation'],
      ['a1'],
    );
    add(transformer(`tokens-n01-${norm}`, 4, { norm, tokens: normal(1) }), ['embedding-scale'], ['tokens']);
  }
  add(onPixels('pixels-relu'), ['input-scale', ...SCALE_UP], ['input_1']);
  add(onPixels('pixels-tanh', undefined, 'tanh'), ['input-scale', ...SCALE_UP], ['input_1']);
  add(
    { ...cnn('pixels-cnn', 16, [16, 32], { init: HE }), data: pixels() },
    ['input-scale', ...SCALE_UP],
    ['input_1'],
  );
  add(cnn('n01-vgg', 16, [16, 32, 32], { init: normal(1) }), SCALE_UP, ['c1']);
  add(cnn('ones-cnn-c3', 16, [16, 32], { init: at(2, 'ones') }), ['symmetric-units'], ['c3']);
  return mutants;
}
