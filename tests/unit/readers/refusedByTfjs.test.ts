import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../../src/model/problem.ts';
import { readBytes } from '../../support/memoryFiles.ts';

const dense = (name: string, more: object) => ({
  class_name: 'Dense',
  config: { name, units: 4, activation: 'relu', kernel_initializer: 'he_normal', ...more },
});
const first = { batch_input_shape: [null, 3] };

async function notes(layers: readonly object[], format = 'layers-model'): Promise<readonly Problem[]> {
  const topology = { class_name: 'Sequential', config: { name: 'net', layers }, keras_version: '2.10.0' };
  const file = format === '' ? topology : { format, modelTopology: topology };
  const { models, problems } = await readBytes('/model.json', JSON.stringify(file));
  const [spec] = models;
  assert.ok(spec, problems.map(({ message }) => message).join());
  assert.ok(spec.layers.every(({ opaque }) => opaque === undefined));
  return spec.problems;
}

test('what TensorFlow.js does not register is named once, with the same under its own name', async () => {
  const layers = [dense('a', { ...first, activation: 'silu' }), dense('b', { activation: 'silu' })];
  const [problem, ...more] = await notes(layers);
  assert.deepEqual(more, []);
  assert.match(problem?.message ?? '', /^TensorFlow\.js has no activation "silu" and refuses the model/);
  assert.equal(problem?.found, '"silu", 2 times');
  assert.equal(problem.hint, 'Write "swish", which is the same.');
  assert.equal(problem.severity, 'note');
  assert.deepEqual(await notes(layers, ''), []);
});

test('names are looked up as TensorFlow.js does: in camel case, short ones only of initializers', async () => {
  const known = [
    dense('a', { ...first, activation: 'hard_sigmoid' }),
    dense('b', { kernel_initializer: { class_name: 'HeNormal', config: {} }, bias_initializer: 'zeros' }),
    dense('c', { activation: 'log_softmax' }),
  ];
  assert.deepEqual(await notes(known), []);
  const refused = [
    dense('a', { ...first, kernel_initializer: { class_name: 'LecunNormal', config: {} } }),
    dense('b', { kernel_initializer: 'lecun_normal' }),
    dense('c', { activation: 'gelu_new' }),
    { class_name: 'UnitNormalization', config: { name: 'd' } },
  ];
  assert.deepEqual(
    (await notes(refused)).map(({ message, hint }) => [message.split(' and ')[0], hint]),
    [
      ['TensorFlow.js has no initializer "LecunNormal"', 'Write "LeCunNormal", which is the same.'],
      ['TensorFlow.js has no initializer "lecun_normal"', 'Write "LeCunNormal", which is the same.'],
      [
        'TensorFlow.js has no activation "gelu_new"',
        'Register a class of this name before the model is loaded, or use another.',
      ],
      [
        'TensorFlow.js has no layer "UnitNormalization"',
        'Register a class of this name before the model is loaded, or use another.',
      ],
    ],
  );
});
