import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change, EditResult } from '../../../src/model/change.ts';
import type { InitializerSpec } from '../../../src/model/initializers/initializer.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { editModels } from '../../../src/readers/formats.ts';
import { readBytes } from '../../support/memoryFiles.ts';

const HE: InitializerSpec = { id: 'heNormal', params: {}, seed: null, written: '' };

function dense(name: string, more: object = {}): object {
  return {
    class_name: 'Dense',
    config: {
      name,
      units: 4,
      activation: 'relu',
      kernel_initializer: { class_name: 'GlorotUniform', config: { seed: null } },
      bias_initializer: { class_name: 'Zeros', config: {} },
      ...more,
    },
  };
}

const model = (...layers: object[]): object => ({
  class_name: 'Sequential',
  config: {
    name: 'net',
    layers: [{ class_name: 'InputLayer', config: { name: 'in', batch_input_shape: [null, 3] } }, ...layers],
  },
  keras_version: '2.10.0',
});

async function specOf(text: string): Promise<ModelSpec> {
  const { models, problems } = await readBytes('/m.json', text);
  const [spec] = models;
  assert.ok(spec, JSON.stringify(problems));
  return spec;
}

function apply(text: string, result: EditResult): string {
  assert.ok(result.ok, result.ok ? '' : result.refusal.reason);
  const edits = [...(result.edits[0]?.edits ?? [])].reverse();
  return edits.reduce(
    (at, { range, text: put }) => at.slice(0, range.start) + put + at.slice(range.end),
    text,
  );
}

async function edited(text: string, changes: readonly Change[]): Promise<string> {
  return apply(text, editModels(text, await specOf(text), changes));
}

const change = (layer: string, initializer = HE, weight = 'kernel'): Change => ({
  layers: [layer],
  weight,
  initializer,
});

/** The only difference between two texts, as [before, after]. */
function difference(a: string, b: string): readonly [string, string] {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

test('a minified file stays minified and changes only inside the initializer', async () => {
  const text = JSON.stringify(model(dense('a'), dense('b')));
  const after = await edited(text, [change('b')]);
  assert.deepEqual(difference(text, after), ['GlorotUniform', 'HeNormal']);
  assert.equal(after.indexOf('HeNormal') > after.indexOf('"name":"b"'), true);
});

test("Python's one-line layout is kept", async () => {
  const text = JSON.stringify(model(dense('a')))
    .replaceAll('":', '": ')
    .replaceAll(',"', ', "');
  const spec: InitializerSpec = {
    id: 'varianceScaling',
    params: { scale: 2.5, mode: 'fanIn', distribution: 'truncatedNormal' },
    seed: 7,
    written: '',
  };
  const after = await edited(text, [change('a', spec)]);
  assert.ok(
    after.includes(
      '"kernel_initializer": {"class_name": "VarianceScaling", "config": {"scale": 2.5, "mode": "fan_in", "distribution": "truncated_normal", "seed": 7}}, "bias',
    ),
    after,
  );
});

for (const [name, indent, newline] of [
  ['two blanks', 2, '\n'],
  ['four blanks and CRLF', 4, '\r\n'],
  ['tabs', '\t', '\n'],
] as const) {
  test(`an indented file keeps its layout: ${name}`, async () => {
    const text = JSON.stringify(model(dense('a'), dense('b')), null, indent).replaceAll('\n', newline);
    const spec: InitializerSpec = {
      id: 'randomNormal',
      params: { mean: 0, stddev: 0.25 },
      seed: null,
      written: '',
    };
    const after = await edited(text, [change('a', spec), change('b', spec)]);
    const wanted = (config: object): object => ({
      kernel_initializer: { class_name: 'RandomNormal', config },
    });
    const config = { mean: 0, stddev: 0.25, seed: null };
    assert.equal(
      after,
      JSON.stringify(model(dense('a', wanted(config)), dense('b', wanted(config))), null, indent).replaceAll(
        '\n',
        newline,
      ),
    );
  });
}

test('a missing key is added at the end of the config, in its layout', async () => {
  const layer = { class_name: 'Dense', config: { name: 'a', units: 4 } };
  const pretty = JSON.stringify(model(layer), null, 2);
  const after = await edited(pretty, [change('a')]);
  const wanted = {
    ...layer,
    config: { ...layer.config, kernel_initializer: { class_name: 'HeNormal', config: { seed: null } } },
  };
  assert.equal(after, JSON.stringify(model(wanted), null, 2));
  const flat = JSON.stringify(model(layer));
  assert.equal(await edited(flat, [change('a')]), JSON.stringify(model(wanted)));
});

test('the spelling is that of the file: Keras 1 names, Keras 2.2 VarianceScaling, Keras 3 wrappers, TF.js', async () => {
  const keras1 = JSON.stringify({
    class_name: 'Sequential',
    config: [
      {
        class_name: 'Dense',
        config: { name: 'a', output_dim: 4, init: 'glorot_uniform', batch_input_shape: [null, 3] },
      },
    ],
    keras_version: '1.1.0',
  });
  assert.deepEqual(difference(keras1, await edited(keras1, [change('a')])), ['glorot_uniform', 'he_normal']);
  const scaled: InitializerSpec = {
    ...HE,
    id: 'varianceScaling',
    params: { scale: 1.7, mode: 'fanIn', distribution: 'truncatedNormal' },
  };
  const refused = editModels(keras1, await specOf(keras1), [change('a', scaled)]);
  assert.ok(!refused.ok && /Keras 1/.test(refused.refusal.reason));

  const old = JSON.stringify(model(dense('a'))).replace('2.10.0', '2.2.4');
  assert.ok(
    (await edited(old, [change('a')])).includes(
      '{"class_name":"VarianceScaling","config":{"scale":2,"mode":"fan_in","distribution":"normal","seed":null}}',
    ),
  );

  const keras3 = JSON.stringify({
    module: 'keras',
    registered_name: null,
    ...model(dense('a')),
    keras_version: '3.4.1',
  });
  assert.ok(
    (await edited(keras3, [change('a')])).includes(
      '{"module":"keras.initializers","class_name":"HeNormal","config":{"seed":null},"registered_name":null}',
    ),
  );

  const tfjs = JSON.stringify({
    modelTopology: { ...model(dense('a')), keras_version: 'tfjs-layers 4.22.0' },
  });
  assert.ok(
    (await edited(tfjs, [change('a')])).includes(
      '{"class_name":"VarianceScaling","config":{"scale":2,"mode":"fan_in","distribution":"normal","seed":null}}',
    ),
  );
});

test('an edited file reads back with the changed initializer and nothing else', async () => {
  const text = JSON.stringify(model(dense('a'), dense('b')), null, 1);
  const before = await specOf(text);
  const after = await specOf(
    await edited(text, [change('a'), change('b', { ...HE, id: 'orthogonal', params: { gain: 1.5 } })]),
  );
  assert.equal(after.layers[1]?.weights[0]?.initializer.id, 'heNormal');
  assert.deepEqual(after.layers[2]?.weights[0]?.initializer.params, { gain: 1.5 });
  assert.deepEqual(after.layers[2]?.weights[1], before.layers[2]?.weights[1]);
});

test('an LSTM forget bias is written as its flag', async () => {
  const lstm = {
    class_name: 'LSTM',
    config: { name: 'a', units: 4, batch_input_shape: [null, 5, 3], unit_forget_bias: false },
  };
  const text = JSON.stringify({
    class_name: 'Sequential',
    config: { name: 'n', layers: [lstm] },
    keras_version: '2.10.0',
  });
  const ones: InitializerSpec = {
    id: 'forgetGateOnes',
    params: { base: 0, forget: 1 },
    seed: null,
    written: '',
  };
  assert.deepEqual(difference(text, await edited(text, [change('a', ones, 'bias')])), ['fals', 'tru']);
});

test('a wrapped layer is edited in its own config', async () => {
  const lstm = { class_name: 'LSTM', config: { name: 'f', units: 4, kernel_initializer: 'glorot_uniform' } };
  const config = { name: 'a', batch_input_shape: [null, 5, 3], layer: lstm, merge_mode: 'concat' };
  const text = JSON.stringify({
    class_name: 'Sequential',
    config: { name: 'n', layers: [{ class_name: 'Bidirectional', config }] },
    keras_version: '2.10.0',
  });
  const changes = [change('a', HE, 'forward/kernel'), change('a', HE, 'backward/kernel')];
  assert.deepEqual(difference(text, await edited(text, changes)), ['glorot_uniform', 'he_normal']);
  const apart = editModels(text, await specOf(text), [
    changes[0]!,
    change('a', { ...HE, id: 'heUniform' }, 'backward/kernel'),
  ]);
  assert.ok(!apart.ok && /share one place/.test(apart.refusal.reason));
});

test('a text other than the one that was read is refused', async () => {
  const text = JSON.stringify(model(dense('a')));
  const result = editModels(`${text} `, await specOf(text), [change('a')]);
  assert.ok(!result.ok && /changed since/.test(result.refusal.reason));
});
