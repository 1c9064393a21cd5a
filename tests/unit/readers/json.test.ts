import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineStartsOf } from '../../../src/model/linePosition.ts';
import { problemText } from '../../../src/report/reportText.ts';
import { readBytes } from '../../support/memoryFiles.ts';

const layer = (name: string, more: object = {}, className = 'Dense'): object => ({
  class_name: className,
  config: { name, units: 4, activation: 'relu', kernel_initializer: 'he_normal', ...more },
});
const sequential = (...layers: object[]): string =>
  JSON.stringify(
    { class_name: 'Sequential', config: { name: 'net', layers }, keras_version: '2.10.0' },
    null,
    1,
  );
const first = layer('a', { batch_input_shape: [null, 3] });

function functional(layers: { name: string; from: string[]; className?: string; config?: object }[]): string {
  const listed = layers.map(({ name, from, className = 'Dense', config = { units: 4 } }) => ({
    class_name: className,
    name,
    config: { name, ...config },
    inbound_nodes: from.length === 0 ? [] : [from.map((source) => [source, 0, 0, {}])],
  }));
  const config = {
    name: 'net',
    layers: listed,
    input_layers: [['in', 0, 0]],
    output_layers: [[layers.at(-1)?.name, 0, 0]],
  };
  return JSON.stringify({ class_name: 'Functional', config, keras_version: '2.10.0' });
}
const input = { name: 'in', from: [], className: 'InputLayer', config: { batch_input_shape: [null, 4] } };

async function problem(text: string | Uint8Array): Promise<string> {
  const { models, problems } = await readBytes('/m.json', text);
  assert.equal(models.length, 0);
  const [only] = problems;
  assert.ok(only);
  assert.equal(only.severity, 'error');
  const starts = typeof text === 'string' ? { '/m.json': lineStartsOf(text) } : {};
  return problemText({ lineStarts: starts }, only);
}

test('origins are the exact text of class, initializer and activation', async () => {
  const text = sequential(first, layer('b'));
  const { models } = await readBytes('/m.json', text);
  const b = models[0]?.layers.find(({ id }) => id === 'b');
  const shown = b?.origins.map(({ kind, weight, range }) => [
    kind,
    weight,
    text.slice(range.start, range.end),
  ]);
  assert.deepEqual(shown?.slice(0, 3), [
    ['layer', undefined, '"Dense"'],
    ['activation', undefined, '"relu"'],
    ['initializer', 'kernel', '"he_normal"'],
  ]);
  assert.equal(shown?.[3]?.[0], 'definition');
  assert.deepEqual(JSON.parse(String(shown?.[3]?.[2])), layer('b'));
});

test('byte order marks and UTF-16 are read, with offsets in the text', async () => {
  const text = sequential(first);
  const utf8 = new TextEncoder().encode(`\uFEFF${text}`);
  const utf16 = new Uint8Array(new Uint16Array([0xfeff, ...Array.from(text, (c) => c.charCodeAt(0))]).buffer);
  for (const bytes of [utf8, utf16]) {
    const { models } = await readBytes('/m.json', bytes);
    const range = models[0]?.layers.at(-1)?.origins[0]?.range;
    assert.equal(text.slice(range?.start, range?.end), '"Dense"');
  }
});

test('bad JSON is named with its place', async () => {
  assert.match(await problem(''), /The file is empty/);
  assert.match(
    await problem(sequential(first).replace('4', 'NaN')),
    /\/m\.json:\d+:\d+: error: NaN is no JSON;.*allow_nan/,
  );
  assert.match(
    await problem(sequential(first).replace('"units": 4', '"units": 4, "units": 5')),
    /key "units" stands twice/,
  );
  assert.match(await problem(`{"class_name": ${'['.repeat(5000)}`), /nested too deep/);
});

test('a text that ends too early is told with one place, its end, wherever it was cut', async () => {
  const whole = sequential(first);
  const inString = whole.slice(0, whole.indexOf('he_normal') + 3);
  for (const text of [inString, `${inString}\n`, whole.slice(0, -20), whole.trimEnd().slice(0, -1)]) {
    const lines = text.trimEnd().split('\n');
    assert.equal(
      await problem(text),
      `/m.json:${lines.length}:${lines.at(-1)?.length}: error: The JSON ends too early; found the end of the file; expected a complete JSON document; The file is truncated: write or download it again.`,
    );
  }
});

test('JSON that is no model is no model; broken JSON without a sign of one may be passed over', async () => {
  assert.match((await readBytes('/package.json', '{"name": "x"}')).notAModel ?? '', /no model/);
  const broken = await readBytes('/x.json', '{"name": ');
  assert.ok(broken.notAModel !== undefined && broken.problems.length === 1);
  assert.equal((await readBytes('/m.json', sequential(first).slice(0, -9))).notAModel, undefined);
});

test('a graph-model is skipped with a line', async () => {
  const text = JSON.stringify({ format: 'graph-model', modelTopology: { node: [] }, weightsManifest: [] });
  assert.match((await readBytes('/model.json', text)).skipped ?? '', /graph-model/);
});

test('broken graphs are named', async () => {
  assert.match(
    await problem(functional([input, { name: 'a', from: ['zz'] }])),
    /"a" takes its input from "zz", which is not in the model/,
  );
  assert.match(
    await problem(functional([input, { name: 'a', from: ['b'] }, { name: 'b', from: ['a'] }])),
    /cycle.*a → b → a|cycle.*b → a → b/,
  );
  assert.match(
    await problem(functional([input, { name: 'a', from: ['in'] }, { name: 'a', from: ['in'] }])),
    /Two layers have the name "a"/,
  );
  assert.match(
    await problem(sequential(layer('a', { batch_input_shape: [null, 3], units: -5 }))),
    /units is not usable.*-5.*positive integer/,
  );
  assert.match(
    await problem(sequential(layer('a', { batch_input_shape: [null, 60000], units: 60000 }))),
    /too large to exist/,
  );
  assert.match(
    await problem(sequential(layer('a'))),
    /shape of the input "a_input" is not in the file.*--input-shape/,
  );
});

test('what is unknown is left out and named, the rest is read', async () => {
  const { models } = await readBytes('/m.json', sequential(first, layer('b', {}, 'MyLayer'), layer('c')));
  const [spec] = models;
  assert.deepEqual(
    spec?.nodes.map(({ id }) => id),
    ['a_input', 'a'],
  );
  assert.deepEqual(
    spec?.layers.map(({ kind }) => kind),
    ['input', 'dense', 'opaque', 'opaque'],
  );
  assert.match(
    spec?.problems.map(({ message }) => message).join('\n') ?? '',
    /class MyLayer is not known[\s\S]*it and one layer after it are left out/,
  );
  const text = sequential(first, layer('b', { kernel_initializer: 'my_init' }));
  const custom = (await readBytes('/m.json', text)).models[0];
  const note = custom?.problems[0];
  assert.match(note?.message ?? '', /Unknown initializer "my_init"/);
  assert.equal(text.slice(note?.range?.start, note?.range?.end), '"my_init"');
});

test('__proto__ is a name like any other', async () => {
  const { models } = await readBytes(
    '/m.json',
    sequential(first, layer('b')).replace('"name": "b"', '"__proto__": {"units": 9},\n "name": "__proto__"'),
  );
  assert.deepEqual(
    models[0]?.layers.map(({ id }) => id),
    ['a_input', 'a', '__proto__'],
  );
  assert.deepEqual(models[0]?.layers[2]?.weights[0]?.shape, [4, 4]);
});

test('open sizes are chosen and stated, and can be given', async () => {
  const conv = {
    class_name: 'Conv2D',
    config: { name: 'c', filters: 2, kernel_size: [3, 3], batch_input_shape: [null, null, null, 3] },
  };
  const chosen = (await readBytes('/m.json', sequential(conv))).models[0]?.inputs[0];
  assert.deepEqual(chosen?.shape, [null, 64, 64, 3]);
  assert.match(chosen?.assumed ?? '', /open, \(\?, \?, \?, 3\); measured with \(\?, 64, 64, 3\)/);
  const given = await readBytes('/m.json', sequential(conv), { inputShapes: { '': [10, 12, 3] } });
  assert.deepEqual(given.models[0]?.inputs[0]?.shape, [null, 10, 12, 3]);
});

test('residual ends, norms, gates, heads and shared layers are recognised', async () => {
  const text = functional([
    input,
    { name: 'd1', from: ['in'] },
    { name: 'bn', from: ['d1'], className: 'BatchNormalization', config: {} },
    { name: 'd2', from: ['bn'] },
    { name: 'add', from: ['in', 'd2'], className: 'Add', config: {} },
    { name: 'gate', from: ['add'], config: { units: 4, activation: 'sigmoid' } as never },
    { name: 'mul', from: ['add', 'gate'], className: 'Multiply', config: {} },
    { name: 'out', from: ['mul'] },
  ]);
  const { models } = await readBytes('/m.json', text);
  const roles = Object.fromEntries(models[0]?.layers.map(({ id, roles: own }) => [id, own]) ?? []);
  assert.deepEqual(roles, {
    in: ['input'],
    d1: ['hidden', 'before-norm'],
    bn: ['norm'],
    d2: ['hidden', 'residual-end'],
    add: [],
    gate: ['hidden', 'gate'],
    mul: [],
    out: ['head'],
  });
});

test('a graph that is cut at an unknown layer has no head and no loss there', async () => {
  const { models } = await readBytes(
    '/m.json',
    functional([
      input,
      { name: 'a', from: ['in'] },
      { name: 'own', from: ['a'], className: 'MyLayer', config: {} },
      { name: 'b', from: ['own'], config: { units: 2 } },
    ]),
  );
  const [model] = models;
  assert.deepEqual(
    model?.outputs.map(({ name, cut, loss }) => [name, cut, loss.id]),
    [['a', true, 'other']],
  );
  assert.deepEqual(model?.layers.find(({ id }) => id === 'a')?.roles, ['hidden']);
});

test('a cross-entropy of probabilities on a linear output is taken from logits, with a note', async () => {
  const compiled = (activation: string, className: string, config: object): string => {
    const text = sequential(first, layer('b', { activation }));
    const loss = { class_name: className, config };
    return JSON.stringify({ ...(JSON.parse(text) as object), training_config: { loss } });
  };
  const read = async (activation: string, config: object) => {
    const { models } = await readBytes('/m.json', compiled(activation, 'CategoricalCrossentropy', config));
    const [model] = models;
    return [
      model?.outputs[0]?.loss.fromLogits,
      model?.problems.map(({ message }) => message).join(),
    ] as const;
  };
  const [logits, note] = await read('linear', {});
  assert.equal(logits, true);
  assert.match(note ?? '', /takes probabilities, and the output "b" is linear/);
  assert.deepEqual(await read('softmax', {}), [false, '']);
  assert.deepEqual(await read('linear', { from_logits: true }), [true, '']);
});
