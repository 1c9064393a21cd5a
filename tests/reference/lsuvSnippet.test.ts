import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { lsuv } from '../../src/advice/lsuv.ts';
import { openBackend } from '../../src/engine/backends.ts';
import type { AdviceOutcome, Finding } from '../../src/model/finding.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { mlp } from '../support/specs.ts';

const DEPTH = 6;
const BEFORE: AdviceOutcome = {
  drift: 3,
  signalRatio: 0.01,
  gradientRatio: 0.01,
  dead: 0,
  saturated: 0,
  initialLoss: 2.3,
  findings: ['vanishing-signal'],
};
const spec = mlp(32, DEPTH, { class_name: 'RandomNormal', config: { stddev: 0.05 } }, 'gelu');
const advice = lsuv(spec, { rule: 'vanishing-signal' } as Finding, BEFORE);

test('LSUV is advice for findings about scale, with no edit', () => {
  assert.ok(advice);
  assert.match(advice.title, /LSUV: scale 6 kernels/);
  assert.equal(advice.edit?.ok, false);
  assert.equal(lsuv(spec, { rule: 'dead-relu' } as Finding, BEFORE), undefined);
});

test('the TensorFlow.js snippet gives every layer std 1', async () => {
  await openBackend('cpu');
  const model = tfl.sequential();
  for (let depth = 1; depth <= DEPTH; depth += 1)
    model.add(
      tfl.layers.dense({
        units: 32,
        activation: 'tanh',
        name: `d${depth}`,
        kernelInitializer: tfl.initializers.randomNormal({ stddev: 0.02, seed: depth }),
        ...(depth === 1 ? { inputShape: [32] } : {}),
      }),
    );
  const x = tf.randomNormal([256, 32], 0, 1, 'float32', 7);
  const api = { ...tf, layers: tfl.layers, model: tfl.model };
  runInNewContext(advice?.snippet.tfjs ?? 'none', { tf: api, model, x });
  for (let depth = 1; depth <= DEPTH; depth += 1) {
    const layer = model.getLayer(`d${depth}`);
    const part = tfl.model({ inputs: model.inputs, outputs: layer.output as tfl.SymbolicTensor });
    const before = tf.atanh(tf.clipByValue(part.predict(x) as tf.Tensor, -0.999999, 0.999999));
    const std = Math.sqrt(tf.moments(before).variance.dataSync()[0] ?? NaN);
    assert.ok(Math.abs(std - 1) < 0.05, `d${depth}: ${std}`);
  }
});

const python = oraclePython('torch');
const HEAD = `
import os
import numpy as np, torch, keras
from torch import nn
keras.utils.set_random_seed(1)
`;
const CASES = {
  keras3: `
model = keras.Sequential([keras.Input((32,))] + [keras.layers.Dense(32, activation='gelu', kernel_initializer=keras.initializers.RandomNormal(stddev=0.05), name=f'd{i}') for i in range(1, 7)])
x = np.random.default_rng(1).normal(size=(256, 32)).astype('float32')
SNIPPET
stds = []
for i in range(1, 7):
    layer = model.get_layer(f'd{i}')
    assert layer.activation is keras.activations.gelu
    stds.append(float((keras.Model(model.inputs, layer.input)(x) @ layer.kernel + layer.bias).detach().numpy().std()))
print(max(abs(s - 1) for s in stds))
`,
  pytorch: `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(1, 7):
            setattr(self, f'd{i}', nn.Linear(32, 32))
    def forward(self, x):
        for i in range(1, 7):
            x = nn.functional.gelu(getattr(self, f'd{i}')(x))
        return x
model, x, stds = Net(), torch.randn(256, 32), []
SNIPPET
for i in range(1, 7):
    getattr(model, f'd{i}').register_forward_hook(lambda m, a, o: stds.append(o.std().item()))
model(x)
print(max(abs(s - 1) for s in stds))
`,
} as const;

for (const framework of ['keras3', 'pytorch'] as const)
  test(`the ${framework} snippet gives every layer std 1`, { skip: python === null }, () => {
    const code = HEAD + CASES[framework].replace('SNIPPET', advice?.snippet[framework] ?? '');
    const { stdout, stderr, status } = spawnSync(python ?? '', ['-c', code], {
      encoding: 'utf8',
      env: oracleEnv as NodeJS.ProcessEnv,
    });
    assert.equal(status, 0, stderr);
    assert.ok(Number(stdout.trim().split('\n').at(-1)) < 0.05, stdout);
  });
