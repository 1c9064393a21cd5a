import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { HEALTHY, kerasDense, kerasSequential } from '../support/kerasJson.ts';

type Json = Record<string, unknown>;

const dense = (name: string, from: string, more: Json = {}) => ({
  ...kerasDense(name, 4, more),
  name,
  inbound_nodes: [[[from, 0, 0, {}]]],
});

function functional(layers: readonly object[], output: string): string {
  const input = {
    class_name: 'InputLayer',
    config: { batch_input_shape: [null, 4], dtype: 'float32', name: 'in' },
    name: 'in',
    inbound_nodes: [],
  };
  const config = {
    name: 'm',
    layers: [input, ...layers],
    input_layers: [['in', 0, 0]],
    output_layers: [[output, 0, 0]],
  };
  return JSON.stringify(
    { class_name: 'Functional', config, keras_version: '2.11.0', backend: 'tensorflow' },
    undefined,
    1,
  );
}

function nested(depth: number): string {
  return `{"class_name": "Sequential", "config": {"name": "deep", "layers": ${'['.repeat(depth)}${']'.repeat(depth)}}}`;
}

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

/** Files that cannot be inspected: what is written about each, in one line on standard error. */
const refused: Readonly<Record<string, readonly [string | Uint8Array, RegExp]>> = {
  'empty.json': ['', /empty/i],
  'truncated.json': [HEALTHY.slice(0, 300), /^truncated\.json:\d+:\d+: error: /m],
  'list.json': ['[1, 2, 3]', /no model/i],
  'other.json': ['{"name": "left-pad", "version": "1.0.0"}', /no model/i],
  'number.json': ['42', /no model/i],
  'units-negative.json': [
    kerasSequential([kerasDense('a', -3)]),
    /^units-negative\.json:\d+:\d+: error: .*-3/m,
  ],
  'units-text.json': [kerasSequential([kerasDense('a', 3, { units: 'many' })]), /many/],
  'units-absurd.json': [kerasSequential([kerasDense('a', 2_000_000_000)]), /too large to exist/],
  'units-huge.json': [
    kerasSequential([kerasDense('a', 100_000_000)]),
    /too large to be measured; found .* of a; expected/,
  ],
  'missing-link.json': [functional([dense('a', 'nowhere')], 'a'), /nowhere/],
  'cycle.json': [functional([dense('a', 'b'), dense('b', 'a')], 'b'), /cycle|circle|itself/i],
  'duplicate-name.json': [
    functional([dense('a', 'in'), dense('a', 'in')], 'a'),
    /twice|duplicate|same name|two layers/i,
  ],
  'deep.json': [nested(200_000), /deep|nest/i],
  'bytes.json': [Uint8Array.from({ length: 400 }, (_, index) => (index * 73) % 256), /no .*text/i],
};

/** Files that are inspected all the same; what is noted. */
const read: Readonly<Record<string, readonly [string | Uint8Array, RegExp]>> = {
  'good.json': [HEALTHY, /good\.json {2}model · /],
  'bom.json': [`\ufeff${HEALTHY}`, /bom\.json {2}model · /],
  'utf16.json': [utf16(HEALTHY), /utf16\.json {2}model · /],
  'nan.json': [HEALTHY.replace('0.02', 'NaN'), /nan\.json/],
  'unknown-layer.json': [
    kerasSequential([
      kerasDense('a', 4),
      { class_name: 'Frobnicate', config: { name: 'odd' } },
      kerasDense('b', 4),
    ]),
    /unknown-layer\.json:\d+:\d+: note: .*Frobnicate/,
  ],
  'unknown-initializer.json': [
    kerasSequential([kerasDense('a', 4, { kernel_initializer: { class_name: 'Magic', config: {} } })]),
    /Magic/,
  ],
  'unknown-size.json': [kerasSequential([kerasDense('a', 4)], [null, 8]), /unknown-size\.json/],
  'proto.json': [
    kerasSequential([kerasDense('__proto__', 4), kerasDense('constructor', 4)]),
    /proto\.json {2}model · /,
  ],
};

test('every bad file is one clear line, and every readable one is inspected beside it', async (t) => {
  const all = Object.entries({ ...refused, ...read });
  await inFolder(Object.fromEntries(all.map(([name, [content]]) => [name, content])), async (folder) => {
    const started = performance.now();
    const { out, err, code } = await cli(['inspect', ...all.map(([name]) => name)], { cwd: folder });
    assert.equal(code, 2, err);
    assert.doesNotMatch(out + err, /\n\s+at .*:\d+:\d+|undefined|\[object|a fault of ours/);
    for (const [name, [, expected]] of Object.entries(refused))
      await t.test(`${name} is refused`, () => {
        const lines = err.split('\n').filter((line) => line.startsWith(name));
        assert.equal(lines.length, 1, lines.join('\n') || err);
        assert.match(lines[0] ?? '', expected);
        assert.ok((lines[0] ?? '').length < 600);
      });
    for (const [name, [, expected]] of Object.entries(read))
      await t.test(`${name} is read`, () => {
        assert.match(out + err, expected);
      });
    assert.ok(performance.now() - started < 60_000);
  });
});

test('a graph-model is skipped and does not set the exit code', async () => {
  const graph = JSON.stringify({
    format: 'graph-model',
    modelTopology: { node: [], versions: {} },
    weightsManifest: [],
  });
  await inFolder({ 'graph.json': graph }, async (folder) => {
    const { out, code, err } = await cli(['inspect', 'graph.json'], { cwd: folder });
    assert.match(out, /^graph\.json: skipped: .*graph-model/m);
    assert.equal(code, 0, err);
  });
});

test('files of a folder that are no model are silent', async () => {
  const files = {
    'package.json': '{"name": "x"}',
    'notes.txt': 'hello',
    'data.bin': Uint8Array.from([91, 0, 255, 7]),
    'good.json': HEALTHY,
  };
  await inFolder(files, async (folder) => {
    const { out, err, code } = await cli(['inspect', '.', '--quiet'], { cwd: folder });
    assert.equal(err, '');
    assert.equal(code, 0);
    assert.equal(out.match(/ · /g)?.length, 4);
  });
});
