import {
  cnn,
  depthwise,
  embeddingLstm,
  type Generated,
  lenet,
  mlp,
  normMlp,
  recurrent,
  residual,
} from './families.ts';
import { constant, GLOROT, HE, type Init, LECUN, normal, Net, ORTHOGONAL, scaling, uniform } from './net.ts';

/** A model that must be found healthy. */
export interface Healthy {
  readonly model: Generated;
}

/** A model with one fault: any of these rules must name one of these layers as the first cause. */
export interface Mutant {
  readonly model: Generated;
  readonly rules: readonly string[];
  readonly causes: readonly string[];
}

const torch = (fanIn: number): Init => uniform(1 / Math.sqrt(fanIn));

function autoencoder(): Generated {
  const net = new Net('autoencoder');
  let at = net.input(64);
  for (const [index, width] of [48, 24, 8, 24, 48].entries())
    at = net.dense(at, width, HE, 'relu', { name: `d${index + 1}` });
  const out = net.dense(at, 64, GLOROT, 'linear', { name: 'head' });
  return { name: net.name, text: net.json(out), hidden: [], semantics: 'keras2' };
}

function single(activation: string, units: number): Generated {
  const net = new Net(`single-${activation}`);
  const out = net.dense(net.input(32), units, GLOROT, activation, { name: 'head' });
  return { name: net.name, text: net.json(out), hidden: [], semantics: 'keras2' };
}

function multi(): Generated {
  const net = new Net('multi');
  const left = net.dense(net.input(32), 64, HE, 'relu', { name: 'l' });
  const right = net.dense(net.input(16), 64, HE, 'relu', { name: 'r' });
  const both = net.layer('Concatenate', { axis: -1 }, left, right);
  const body = net.dense(both, 64, HE, 'relu', { name: 'body' });
  const a = net.dense(body, 10, GLOROT, 'softmax', { name: 'class' });
  const b = net.dense(body, 1, GLOROT, 'sigmoid', { name: 'flag' });
  return { name: net.name, text: net.json(a, b), hidden: [], semantics: 'keras2' };
}

function gated(): Generated {
  const net = new Net('se-gates');
  let at = net.conv(net.input(16, 16, 3), 32, HE, 'relu', { name: 'stem' });
  for (let index = 1; index <= 3; index += 1) {
    const body = net.act(net.norm(net.conv(at, 32, HE, 'linear', { name: `c${index}` })), 'relu');
    const squeeze = net.layer('GlobalAveragePooling2D', { keepdims: true }, body);
    const small = net.dense(squeeze, 8, HE, 'relu', { name: `s${index}` });
    const gate = net.dense(small, 32, GLOROT, 'sigmoid', { name: `g${index}` });
    at = net.add(at, net.layer('Multiply', {}, body, gate));
  }
  const out = net.dense(net.layer('GlobalAveragePooling2D', {}, at), 10, GLOROT, 'softmax', { name: 'head' });
  return { name: net.name, text: net.json(out), hidden: [], semantics: 'keras2' };
}

/** The healthy set of rules.md, scaled down; `full` adds the wide ones. */
export function healthySet(full: boolean): readonly Healthy[] {
  const widths = full ? [64, 256, 1024] : [64, 128];
  const models: Generated[] = [];
  for (const width of widths) {
    for (const depth of [2, 5, 10, 20]) {
      models.push(mlp(`he-relu-${width}x${depth}`, width, depth, { init: HE }));
      if (depth <= 10)
        models.push(
          mlp(`he-leaky-${width}x${depth}`, width, depth, {
            init: HE,
            activation: 'leaky_relu',
            semantics: 'keras3',
          }),
        );
    }
    for (const depth of [2, 5])
      models.push(mlp(`glorot-relu-${width}x${depth}`, width, depth, { init: GLOROT }));
    for (const depth of [2, 4])
      models.push(
        mlp(`torch-relu-${width}x${depth}`, width, depth, { init: torch(width), bias: torch(width) }),
      );
    for (const activation of ['gelu', 'silu']) {
      for (const depth of [5, 10])
        models.push(
          mlp(`he-${activation}-${width}x${depth}`, width, depth, {
            init: HE,
            activation,
            semantics: 'keras3',
          }),
        );
    }
    for (const depth of [5, 10])
      models.push(mlp(`glorot-tanh-${width}x${depth}`, width, depth, { init: GLOROT, activation: 'tanh' }));
    models.push(mlp(`lecun-selu-${width}x50`, width, 50, { init: LECUN, activation: 'selu' }));
    models.push(mlp(`orthogonal-tanh-${width}x50`, width, 50, { init: ORTHOGONAL, activation: 'tanh' }));
    models.push(normMlp(`bn-relu-${width}x5`, width, 5, { init: HE }));
    models.push(
      normMlp(
        `ln-gelu-${width}x8`,
        width,
        8,
        { init: GLOROT, activation: 'gelu', semantics: 'keras3' },
        'LayerNormalization',
      ),
    );
    for (const branch of ['batchNorm', 'zeroGamma', 'fixup', 'scaled', 'preNorm'] as const) {
      models.push(residual(`res-${branch}-${width}x8`, 8, width, branch, { init: HE }));
    }
  }
  models.push(residual('res-scaled-64x50', 50, 64, 'scaled', { init: HE }));
  models.push(residual('res-fixup-64x50', 50, 64, 'fixup', { init: HE }));
  models.push(cnn('he-cnn', 16, [16, 32], { init: HE }), cnn('he-vgg', 16, [16, 32, 32, 64], { init: HE }));
  models.push(
    cnn('glorot-cnn', 16, [16, 32], { init: GLOROT }),
    cnn('bn-cnn', 16, [16, 32, 64], { init: HE }, true),
  );
  models.push(lenet('he-lenet', { init: HE }), lenet('tanh-lenet', { init: GLOROT, activation: 'tanh' }));
  models.push(depthwise('depthwise-fitted', 3, scaling(2 * 32), HE, false));
  models.push(depthwise('depthwise-bn', 4, GLOROT, HE, true));
  for (const steps of [30, 100]) {
    models.push(
      recurrent(`lstm-${steps}`, 'LSTM', steps),
      recurrent(`gru-${steps}`, 'GRU', steps),
      recurrent(`rnn-${steps}`, 'SimpleRNN', steps),
    );
  }
  models.push(
    embeddingLstm('embedding-lstm'),
    autoencoder(),
    single('linear', 1),
    single('softmax', 10),
    single('sigmoid', 1),
    multi(),
    gated(),
  );
  return models.map((model) => ({ model }));
}

const at =
  (where: number, fault: Init, healthy: Init = HE) =>
  (index: number): Init =>
    index === where ? fault : healthy;
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
  add(cnn('n01-vgg', 16, [16, 32, 32], { init: normal(1) }), SCALE_UP, ['c1']);
  add(cnn('ones-cnn-c3', 16, [16, 32], { init: at(2, 'ones') }), ['symmetric-units'], ['c3']);
  return mutants;
}

/** Oddities that train as well: any warning is a false alarm. */
export function harmlessSet(): readonly Healthy[] {
  const seeded = (seed: number): Init => ({ class_name: 'HeNormal', config: { seed } });
  const models: Generated[] = [
    mlp('shared-seeds', 64, 4, { init: seeded(7), semantics: 'keras3' }),
    normMlp('n001-bn', 64, 5, { init: normal(0.01) }),
    mlp('n001-one', 64, 5, { init: at(2, normal(0.01), HE) }),
    mlp('n001-2', 64, 2, { init: normal(0.01) }),
    recurrent('lstm-no-forget', 'LSTM', 10, { unit_forget_bias: false }),
    mlp('zero-tanh', 64, 4, { init: at(1, 'zeros', GLOROT), activation: 'tanh' }),
    mlp('small-constant', 64, 4, { init: at(1, constant(0.001), HE) }),
    mlp('constant-0.01', 64, 4, { init: at(1, constant(0.01), HE) }),
    depthwise('depthwise-fans-bn', 4, HE, HE, true),
    mlp('orthogonal-tanh-head', 64, 50, { init: ORTHOGONAL, activation: 'tanh', head: normal(1) }),
  ];
  const lstm = new Net('lstm-head');
  const rnn = lstm.layer('LSTM', { units: 32, name: 'rnn' }, lstm.input(30, 16));
  models.push({
    name: 'lstm-head',
    text: lstm.json(lstm.dense(rnn, 10, normal(1), 'softmax', { name: 'head' })),
    hidden: [],
    semantics: 'keras2',
  });
  return models.map((model) => ({ model }));
}
