import type { InputData } from '../../src/engine/inputs.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { GLOROT, HE, type Init, Net, normal } from './net.ts';

/** How a family is varied: initializer by layer number (0 first), and what else differs. */
export interface Variation {
  readonly init: Init | ((index: number) => Init);
  readonly activation?: string;
  readonly head?: Init;
  readonly headUnits?: number;
  readonly headActivation?: string;
  /** Bias initializer by layer. */
  readonly bias?: Init | ((index: number) => Init);
  readonly beta?: Init;
  readonly pooling?: 'AveragePooling2D' | 'MaxPooling2D';
  readonly semantics?: 'keras2' | 'keras3' | 'tfjs';
}

/** A generated model: its file text and the names of its weighted hidden layers in order. */
export interface Generated {
  readonly name: string;
  readonly text: string;
  readonly hidden: readonly string[];
  readonly semantics: 'keras2' | 'keras3' | 'tfjs';
  /** Data instead of N(0, 1). */
  readonly data?: InputData;
}

const pick = (value: Init | ((index: number) => Init) | undefined, index: number, fallback: Init): Init =>
  typeof value === 'function' ? value(index) : (value ?? fallback);

function finish(net: Net, from: string, hidden: readonly string[], variation: Variation): Generated {
  const { head = GLOROT, headUnits = 10, headActivation = 'softmax', semantics = 'keras2' } = variation;
  const out = net.dense(from, headUnits, head, headActivation, { name: 'head' });
  return { name: net.name, text: net.json(out), hidden, semantics };
}

/** An MLP of equal widths. */
export function mlp(name: string, width: number, depth: number, variation: Variation): Generated {
  const net = new Net(name, variation.semantics);
  let at = net.input(width);
  const hidden: string[] = [];
  for (let index = 0; index < depth; index += 1) {
    const bias = pick(variation.bias, index, 'zeros');
    at = net.dense(at, width, pick(variation.init, index, HE), variation.activation ?? 'relu', {
      name: `d${index + 1}`,
      bias_initializer: bias,
    });
    hidden.push(at);
  }
  return finish(net, at, hidden, variation);
}

/** An MLP with BatchNorm (or another norm) before each activation. */
export function normMlp(
  name: string,
  width: number,
  depth: number,
  variation: Variation,
  norm = 'BatchNormalization',
): Generated {
  const net = new Net(name, variation.semantics);
  let at = net.input(width);
  const hidden: string[] = [];
  for (let index = 0; index < depth; index += 1) {
    at = net.dense(at, width, pick(variation.init, index, HE), 'linear', {
      name: `d${index + 1}`,
      bias_initializer: pick(variation.bias, index, 'zeros'),
    });
    hidden.push(at);
    const beta: JsonObject = variation.beta === undefined ? {} : { beta_initializer: variation.beta };
    at = net.act(net.norm(at, norm, beta), variation.activation ?? 'relu');
  }
  return finish(net, at, hidden, variation);
}

/** A plain CNN: blocks of two convolutions and a pool, then two dense layers. */
export function cnn(
  name: string,
  size: number,
  widths: readonly number[],
  variation: Variation,
  batchNorm = false,
): Generated {
  const net = new Net(name, variation.semantics);
  let at = net.input(size, size, 3);
  const hidden: string[] = [];
  const activation = variation.activation ?? 'relu';
  for (const width of widths) {
    for (let inner = 0; inner < 2; inner += 1) {
      const init = pick(variation.init, hidden.length, HE);
      const more = {
        name: `c${hidden.length + 1}`,
        bias_initializer: pick(variation.bias, hidden.length, 'zeros'),
      };
      at = net.conv(at, width, init, batchNorm ? 'linear' : activation, more);
      hidden.push(at);
      if (batchNorm) at = net.act(net.norm(at), activation);
    }
    at = net.layer('MaxPooling2D', { pool_size: [2, 2], strides: [2, 2], padding: 'valid' }, at);
  }
  at = net.layer('Flatten', {}, at);
  at = net.dense(at, 64, pick(variation.init, hidden.length, HE), activation, {
    name: 'd1',
    bias_initializer: pick(variation.bias, hidden.length, 'zeros'),
  });
  hidden.push(at);
  return finish(net, at, hidden, variation);
}

/** LeNet with average or max pooling. */
export function lenet(name: string, variation: Variation): Generated {
  const net = new Net(name, variation.semantics);
  const activation = variation.activation ?? 'relu';
  const bias = (index: number): JsonObject => ({ bias_initializer: pick(variation.bias, index, 'zeros') });
  const input = net.input(28, 28, 1);
  const size = { kernel_size: [5, 5] };
  const c1 = net.conv(input, 6, pick(variation.init, 0, HE), activation, { name: 'c1', ...size, ...bias(0) });
  const p1 = net.layer(
    variation.pooling ?? 'AveragePooling2D',
    { pool_size: [2, 2], strides: [2, 2], padding: 'valid' },
    c1,
  );
  const c2 = net.conv(p1, 16, pick(variation.init, 1, HE), activation, {
    name: 'c2',
    ...size,
    padding: 'valid',
    ...bias(1),
  });
  const p2 = net.layer('MaxPooling2D', { pool_size: [2, 2], strides: [2, 2], padding: 'valid' }, c2);
  const flat = net.layer('Flatten', {}, p2);
  const d1 = net.dense(flat, 120, pick(variation.init, 2, HE), activation, { name: 'd1', ...bias(2) });
  const d2 = net.dense(d1, 84, pick(variation.init, 3, HE), activation, { name: 'd2', ...bias(3) });
  return finish(net, d2, ['c1', 'c2', 'd1', 'd2'], variation);
}

/** How a residual net keeps its scale. */
export type Branch = 'batchNorm' | 'zeroGamma' | 'fixup' | 'scaled' | 'preNorm' | 'plain';

/** A ResNet-like CNN of `blocks` blocks, or (dense) a residual MLP. */
export function residual(
  name: string,
  blocks: number,
  width: number,
  branch: Branch,
  variation: Variation,
): Generated {
  const net = new Net(name, variation.semantics);
  let at = net.input(width);
  const hidden: string[] = [];
  at = net.dense(at, width, pick(variation.init, 0, HE), 'linear', { name: 'stem' });
  hidden.push('stem');
  for (let index = 0; index < blocks; index += 1) {
    let inner = at;
    const first = pick(variation.init, hidden.length, HE);
    if (branch === 'preNorm') inner = net.norm(inner, 'LayerNormalization');
    inner = net.dense(
      inner,
      width,
      first,
      branch === 'batchNorm' || branch === 'zeroGamma' ? 'linear' : 'relu',
      { name: `a${index + 1}` },
    );
    hidden.push(inner);
    if (branch === 'batchNorm' || branch === 'zeroGamma') inner = net.act(net.norm(inner), 'relu');
    const end: Init =
      branch === 'fixup'
        ? 'zeros'
        : branch === 'scaled'
          ? normal(1 / Math.sqrt(width * blocks))
          : pick(variation.init, hidden.length, HE);
    inner = net.dense(inner, width, end, 'linear', { name: `b${index + 1}` });
    hidden.push(inner);
    if (branch === 'batchNorm') inner = net.norm(inner);
    if (branch === 'zeroGamma') inner = net.norm(inner, 'BatchNormalization', { gamma_initializer: 'zeros' });
    at = net.add(at, inner);
    if (branch === 'batchNorm' || branch === 'zeroGamma') at = net.act(at, 'relu');
  }
  if (branch === 'preNorm') at = net.norm(at, 'LayerNormalization');
  return finish(net, at, hidden, variation);
}

/** MobileNet-like blocks: depthwise and pointwise, with or without BatchNorm. */
export function depthwise(
  name: string,
  blocks: number,
  depthInit: Init,
  pointInit: Init,
  batchNorm: boolean,
  semantics: Variation['semantics'] = 'keras2',
): Generated {
  const net = new Net(name, semantics);
  let at = net.conv(net.input(16, 16, 3), 32, HE, 'relu', { name: 'stem' });
  const hidden = ['stem'];
  for (let index = 0; index < blocks; index += 1) {
    const config = {
      kernel_size: [3, 3],
      strides: [1, 1],
      padding: 'same',
      depthwise_initializer: depthInit,
      activation: batchNorm ? 'linear' : 'relu',
      name: `w${index + 1}`,
    };
    at = net.layer('DepthwiseConv2D', config, at);
    hidden.push(at);
    if (batchNorm) at = net.act(net.norm(at), 'relu');
    at = net.conv(at, 32, pointInit, batchNorm ? 'linear' : 'relu', {
      kernel_size: [1, 1],
      name: `p${index + 1}`,
    });
    hidden.push(at);
    if (batchNorm) at = net.act(net.norm(at), 'relu');
  }
  at = net.layer('GlobalAveragePooling2D', {}, at);
  return finish(net, at, hidden, { init: HE, semantics });
}

/** A recurrent classifier over a sequence, last step only. */
export function recurrent(
  name: string,
  className: 'LSTM' | 'GRU' | 'SimpleRNN',
  steps: number,
  more: JsonObject = {},
  semantics: Variation['semantics'] = 'keras2',
): Generated {
  const net = new Net(name, semantics);
  const input = net.input(steps, 16);
  const config: JsonObject = { units: 32, activation: 'tanh', return_sequences: false, name: 'rnn', ...more };
  const rnn = net.layer(className, config, input);
  return finish(net, rnn, ['rnn'], { init: HE, semantics });
}

/** An embedding with a recurrent layer behind it. */
export function embeddingLstm(name: string): Generated {
  const net = new Net(name);
  const input = net.input(40);
  const table = net.layer('Embedding', { input_dim: 500, output_dim: 32, name: 'table' }, input);
  const rnn = net.layer('LSTM', { units: 32, name: 'rnn' }, table);
  return finish(net, rnn, ['rnn'], { init: HE, headUnits: 1, headActivation: 'sigmoid' });
}
