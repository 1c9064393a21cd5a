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
import { GLOROT, HE, type Init, LECUN, Net, ORTHOGONAL, scaling, uniform } from './net.ts';
import { type Healthy } from './sample.ts';
import { transformer } from './transformer.ts';

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
  for (const blocks of [2, 6]) {
    models.push(transformer(`pre-norm-${blocks}`, blocks, { norm: 'pre' }));
    models.push(transformer(`post-norm-${blocks}`, blocks, { norm: 'post' }));
  }
  for (const blocks of [6, 12])
    models.push(transformer(`gpt2-${blocks}`, blocks, { norm: 'pre', gpt2: true }));
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
