import type { Semantics } from '../../src/model/semantics.ts';
import { type Generated, mlp, normMlp, recurrent, residual } from '../calibrate/families.ts';
import { constant, GLOROT, HE, type Init, LECUN, Net, normal } from '../calibrate/net.ts';
import { npy } from './npy.ts';
import { normals } from './normalStream.ts';

/** The model of a rule's example, and the data it is measured with where the rule asks for some. */
export interface RuleModel {
  readonly text: string;
  readonly semantics: Semantics;
  readonly data?: Uint8Array;
  readonly labels?: Uint8Array;
}

const N01 = normal(1);

const of = ({ text, semantics }: Generated): RuleModel => ({ text, semantics });

const net = (
  name: string,
  build: (net: Net) => string,
  semantics: 'keras2' | 'keras3' | 'tfjs' = 'keras3',
) => {
  const made = new Net(name, semantics);
  const out = build(made);
  return { text: made.json(out), semantics };
};

const relus = (width: number, depth: number, init: Init = HE, bias: Init = 'zeros') =>
  of(mlp('example', width, depth, { init, bias, semantics: 'keras3' }));

const squashed = (activation: 'tanh' | 'sigmoid', depth: number, init = GLOROT) =>
  of(mlp('example', 64, depth, { init, activation, semantics: 'keras3' }));

const rare = Array.from({ length: 400 }, (_, index) => (index % 100 === 7 ? 1 : 0));

/** The model of every rule's example, as its text on the page says it. */
export const RULE_MODELS: Readonly<Record<string, () => RuleModel>> = {
  'non-finite': () => relus(512, 40, N01),
  'exploding-signal': () => relus(64, 10, N01),
  'vanishing-signal': () => relus(64, 30, GLOROT),
  'constant-signal': () => squashed('sigmoid', 3),
  'vanishing-gradient': () => squashed('sigmoid', 10),
  'exploding-gradient': () => squashed('tanh', 50, normal(0.225)),
  'normalized-kernel-scale': () => of(normMlp('example', 64, 5, { init: N01, semantics: 'keras3' })),
  'residual-growth': () =>
    of(
      residual('example', 20, 64, 'plain', {
        init: (index) => (index % 2 === 1 ? HE : LECUN),
        semantics: 'keras3',
      }),
    ),
  'scale-lottery': () => of(mlp('example', 256, 30, { init: HE, activation: 'gelu', semantics: 'keras3' })),
  'correlation-collapse': () => squashed('sigmoid', 2, normal(0.06)),
  'input-scale': () => ({
    ...relus(64, 3),
    data: npy(
      Array.from(normals('pixels', 64 * 128), (value) => Math.min(255, Math.max(0, 127 + 64 * value))),
      [128, 64],
    ),
  }),
  'dead-relu': () => relus(64, 6, HE, constant(-3)),
  'bias-init': () => of(normMlp('example', 64, 5, { init: HE, beta: constant(-1), semantics: 'keras3' })),
  'saturated-activation': () => squashed('tanh', 3, N01),
  'symmetric-units': () =>
    of(mlp('example', 64, 3, { init: (index) => (index === 1 ? 'ones' : HE), semantics: 'keras3' })),
  'duplicate-weights': () =>
    of(mlp('example', 64, 4, { init: { class_name: 'HeNormal', config: { seed: 7 } }, semantics: 'keras3' })),
  'recurrent-scale': () =>
    of(
      recurrent(
        'example',
        'SimpleRNN',
        40,
        { recurrent_initializer: { class_name: 'Orthogonal', config: { gain: 0.3 } } },
        'keras3',
      ),
    ),
  'lstm-forget-bias': () => of(recurrent('example', 'LSTM', 100, {}, 'tfjs')),
  'attention-saturation': () =>
    net('example', (made) => {
      const input = made.input(16, 768);
      const config = { num_heads: 12, key_dim: 64, kernel_initializer: normal(0.1), name: 'attention' };
      const attended = made.norm(
        made.layer('MultiHeadAttention', config, input, input),
        'LayerNormalization',
      );
      return made.dense(made.layer('GlobalAveragePooling1D', {}, attended), 10, GLOROT, 'softmax', {
        name: 'head',
      });
    }),
  'embedding-scale': () =>
    net('example', (made) => {
      const table = { input_dim: 1000, output_dim: 64, embeddings_initializer: N01, name: 'tokens' };
      const tokens = made.layer('Embedding', table, made.input(32));
      const places = { input_dim: 32, output_dim: 64, embeddings_initializer: normal(0.02), name: 'places' };
      const sum = made.add(tokens, made.layer('Embedding', places, made.input(32)));
      return made.dense(made.layer('GlobalAveragePooling1D', {}, sum), 10, GLOROT, 'softmax', {
        name: 'head',
      });
    }),
  'initial-loss': () => of(mlp('example', 64, 3, { init: HE, head: N01, semantics: 'keras3' })),
  'output-bias': () => ({
    ...of(mlp('example', 16, 2, { init: HE, headUnits: 1, headActivation: 'sigmoid', semantics: 'keras3' })),
    data: npy(Array.from(normals('rare', 16 * rare.length)), [rare.length, 16]),
    labels: npy(rare, [rare.length, 1]),
  }),
  'framework-trap': () => of(mlp('example', 64, 20, { init: HE, semantics: 'tfjs' })),
  'initializer-mismatch': () => relus(64, 5, GLOROT),
  'unscaled-initializer': () => relus(64, 2, normal(0.05)),
  'dead-parameters': () => of(normMlp('example', 64, 3, { init: HE, semantics: 'keras3' })),
};
