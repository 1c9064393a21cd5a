import { cnn, mlp, normMlp, recurrent, residual } from './families.ts';
import { constant, GLOROT, HE, LECUN, normal, ORTHOGONAL, uniform } from './net.ts';
import { pixels } from './pixels.ts';
import { at, type Healthy, type Mutant } from './sample.ts';

/** Healthy models of widths and depths that no rule was tuned on. */
export function heldOutHealthy(): readonly Healthy[] {
  return [
    mlp('held-he-relu-96x7', 96, 7, { init: HE }),
    mlp('held-he-relu-200x13', 200, 13, { init: HE }),
    mlp('held-he-leaky-80x9', 80, 9, { init: HE, activation: 'leaky_relu', semantics: 'keras3' }),
    mlp('held-glorot-relu-112x4', 112, 4, { init: GLOROT }),
    mlp('held-glorot-tanh-96x8', 96, 8, { init: GLOROT, activation: 'tanh' }),
    mlp('held-he-gelu-96x7', 96, 7, { init: HE, activation: 'gelu', semantics: 'keras3' }),
    mlp('held-he-silu-160x6', 160, 6, { init: HE, activation: 'silu', semantics: 'keras3' }),
    mlp('held-lecun-selu-112x33', 112, 33, { init: LECUN, activation: 'selu' }),
    mlp('held-orthogonal-tanh-80x37', 80, 37, { init: ORTHOGONAL, activation: 'tanh' }),
    normMlp('held-bn-relu-96x7', 96, 7, { init: HE }),
    residual('held-fixup-80x13', 13, 80, 'fixup', { init: HE }),
    residual('held-scaled-96x21', 21, 96, 'scaled', { init: HE }),
    residual('held-prenorm-80x11', 11, 80, 'preNorm', { init: HE }),
    cnn('held-he-cnn', 20, [12, 24], { init: HE }),
    recurrent('held-lstm-55', 'LSTM', 55),
    recurrent('held-gru-70', 'GRU', 70),
  ].map((model) => ({ model }));
}

/** Harmless oddities of other sizes. */
export function heldOutHarmless(): readonly Healthy[] {
  return [
    normMlp('held-n001-bn', 96, 7, { init: normal(0.01) }),
    mlp('held-n001-one', 112, 8, { init: at(3, normal(0.01)) }),
    mlp('held-constant-one', 112, 7, { init: at(4, constant(0.001)) }),
    mlp('held-zero-tanh', 96, 6, { init: at(2, 'zeros', GLOROT), activation: 'tanh' }),
    recurrent('held-lstm-no-forget', 'LSTM', 14, { unit_forget_bias: false }),
  ].map((model) => ({ model }));
}

const UP = ['exploding-signal', 'exploding-gradient', 'initial-loss', 'saturated-activation', 'non-finite'];
const DOWN = ['vanishing-signal', 'vanishing-gradient', 'constant-signal'];

/** Mutants of other sizes, places and strengths. */
export function heldOutMutants(): readonly Mutant[] {
  const mutant = (model: Mutant['model'], rules: readonly string[], ...causes: string[]): Mutant => ({
    model,
    rules,
    causes,
  });
  return [
    mutant(mlp('held-n01-relu', 96, 7, { init: normal(1) }), UP, 'd1'),
    mutant(mlp('held-u1-tanh', 112, 8, { init: uniform(1), activation: 'tanh' }), UP, 'd1'),
    mutant(mlp('held-n3-relu-d6', 112, 9, { init: at(5, normal(3)) }), UP, 'd6'),
    mutant(mlp('held-ones-relu-d3', 96, 7, { init: at(2, 'ones') }), ['symmetric-units'], 'd3'),
    mutant(mlp('held-constant-all', 80, 6, { init: constant(0.1) }), ['symmetric-units'], 'd1'),
    mutant(mlp('held-zeros-relu-d4', 96, 6, { init: at(3, 'zeros') }), ['symmetric-units'], 'd4'),
    mutant(mlp('held-glorot-relu-24', 160, 24, { init: GLOROT }), DOWN, 'd1'),
    mutant(mlp('held-lecun-relu-20', 112, 20, { init: LECUN }), DOWN, 'd1'),
    mutant(mlp('held-n002-relu-8', 96, 8, { init: normal(0.02) }), DOWN, 'd1'),
    mutant(mlp('held-n001-relu-12-d7', 96, 12, { init: at(6, normal(0.001)) }), DOWN, 'd7'),
    mutant(
      mlp('held-bias-2', 96, 7, { init: HE, bias: constant(-2) }),
      ['bias-init', 'dead-relu', ...DOWN],
      'd1',
    ),
    mutant(mlp('held-head-n2', 96, 4, { init: HE, head: normal(2) }), ['initial-loss'], 'head'),
    mutant(mlp('held-sigmoid-7', 96, 7, { init: GLOROT, activation: 'sigmoid' }), DOWN, 'd1'),
    mutant(
      recurrent('held-lstm-n01', 'LSTM', 25, {
        kernel_initializer: normal(1),
        recurrent_initializer: normal(1),
      }),
      ['saturated-activation', 'recurrent-scale'],
      'rnn',
    ),
    mutant(residual('held-res-plain-30', 30, 80, 'plain', { init: HE }), ['residual-growth'], 'b1', 'a1'),
    mutant(
      {
        ...mlp('held-pixels-96x5', 96, 5, { init: HE, activation: 'leaky_relu', semantics: 'keras3' }),
        data: pixels(),
      },
      ['input-scale', ...UP],
      'input_1',
    ),
    mutant(cnn('held-n01-cnn', 20, [12, 24], { init: normal(1) }), UP, 'c1'),
    mutant(cnn('held-ones-cnn-c2', 20, [12, 24], { init: at(1, 'ones') }), ['symmetric-units'], 'c2'),
  ];
}
