import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBackend } from '../../../src/engine/backends.ts';
import { runCoordinates } from '../../../src/engine/coordinates.ts';
import { createInspector, type InspectRequest } from '../../../src/inspect/inspector.ts';
import type { ScanChoices } from '../../../src/inspect/request.ts';
import { scanVerdict } from '../../../src/inspect/scanVerdict.ts';
import { widthLaw } from '../../../src/inspect/widthLaw.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../../src/model/projectConfig.ts';
import type { ScanSet, Trend } from '../../../src/model/scan.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import { numberPlaces, withNumbers } from '../../../src/readers/width/numberPlaces.ts';
import { scanCsv, scanJson, scanMarkdown, scanText } from '../../../src/report/scan.ts';

test('an exponent is fitted seed by seed, with its interval over them', () => {
  const factors = [0.5, 1, 2, 4];
  const power = (exponent: number, first: number) => factors.map((factor) => first * factor ** exponent);
  const exact = widthLaw(factors, [power(0.5, 1), power(0.5, 3)]);
  assert.ok(Math.abs(exact.exponent.mean - 0.5) < 1e-12 && exact.exponent.hi - exact.exponent.lo < 1e-9);
  assert.equal(exact.trend, 'grows');
  const spread = widthLaw(factors, [power(0.1, 1), power(-0.1, 1), power(0.05, 1), power(-0.05, 1)]);
  assert.equal(spread.trend, 'flat');
  assert.ok(spread.exponent.lo < -0.1 && spread.exponent.hi > 0.1);
  const trends: readonly (readonly [readonly (readonly number[])[], Trend])[] = [
    [[power(-0.5, 1), power(-0.5, 2)], 'shrinks'],
    [[power(0, 1), power(1, 1)], 'unclear'],
    [[[0, 1, 1, 1]], 'zero'],
    [[[NaN, 1, 1, 1]], 'not finite'],
    [[power(0.1, 1)], 'flat'],
  ];
  for (const [sizes, trend] of trends) assert.equal(widthLaw(factors, sizes).trend, trend);
});

test('numbers are found under their names in Python', () => {
  const text = [
    'hidden = 64',
    'self.width: int = 1_024',
    'def f(a, dim=32, *, depth: int = 3): return hidden == 64',
    'Net(hidden=128, rate=0.5)',
    "p.add_argument('-w', '--hid-dim', type=int, default=256)",
    "config = {'emb': 48, 'neg': -7}",
    'a, b = 5, 6',
  ].join('\n');
  const places = numberPlaces('m.py', text);
  assert.deepEqual(
    places.map(({ name, value }) => `${name} ${value}`),
    ['hidden 64', 'width 1024', 'dim 32', 'depth 3', 'hidden 128', 'hid_dim 256', 'emb 48'],
  );
  const wide = withNumbers(
    text,
    places.filter(({ name }) => name === 'hidden'),
    2,
  );
  assert.match(wide, /^hidden = 128\n/);
  assert.match(wide, /Net\(hidden=256, rate=0\.5\)/);
  assert.match(wide, /hidden == 64/);
});

test('and in JavaScript, pages and notebooks', () => {
  const script =
    'const hidden = 64; class A { width = 8 } function f(units = 4) { return { dim: 16, x: 0.5 } }';
  const named = (path: string, text: string) =>
    numberPlaces(path, text).map(({ name, value, range }) => [
      name,
      value,
      text.slice(range.start, range.end),
    ]);
  const wanted = [
    ['hidden', 64, '64'],
    ['width', 8, '8'],
    ['units', 4, '4'],
    ['dim', 16, '16'],
  ];
  assert.deepEqual(named('m.js', script), wanted);
  assert.deepEqual(named('m.html', `<p>a = 5</p><script>${script}</script>`), wanted);
  const cells = [{ cell_type: 'code', metadata: {}, outputs: [], source: ['hidden = 64\n', 'x = hidden'] }];
  const notebook = JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
  assert.deepEqual(named('m.ipynb', notebook), [['hidden', 64, '64']]);
});

const NET = `const hidden = 16;
const classes = 3;
function build() {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: hidden, activation: 'relu', inputShape: [8] }));
  model.add(tf.layers.dense({ units: hidden, activation: 'relu' }));
  model.add(tf.layers.dense({ units: classes, activation: 'softmax' }));
  return model;
}`;
const backend = await openBackend('cpu');
const inspector = createInspector({
  measurer: { measure: () => Promise.reject(new Error('nothing is measured')) },
  scanner: { coordinates: (request) => Promise.resolve(runCoordinates(request, { backend })) },
  files: nodeFiles,
  ...{ version: '0', machine: 'test', backends: ['cpu'], now: () => 0 },
});

function scan(text: string, choices: ScanChoices = {}, more: Partial<InspectRequest> = {}): Promise<ScanSet> {
  const request = { path: 'net.js', text, options: {}, config: DEFAULT_PROJECT_CONFIG, batch: 8, ...more };
  return inspector.scan(request, { seeds: 2, steps: 1, ...choices }, new AbortController().signal);
}

test('the width of a source is found, varied and told', async () => {
  const set = await scan(NET);
  assert.deepEqual(set.errors, []);
  const [found] = set.scans;
  assert.equal(found?.parameter, 'hidden');
  assert.deepEqual(found.widths, ['8', '16', '32', '64']);
  assert.deepEqual(found.parameters, [171, 467, 1443, 4931]);
  assert.equal(found.tensors.length, 3);
  assert.match(scanText(set), /dense_Dense1 +activation .*\n +its update /);
  assert.match(scanText(set), /again: initscope scan net\.js .*--param-name hidden/);
  assert.match(scanMarkdown(set), /\| dense_Dense1 \| activation \|/);
  assert.equal(scanCsv(set).trim().split('\r\n').length, 1 + 3 * 2 * 4);
  assert.match(JSON.stringify(scanJson(set, '1')), /"schema":"urn:initscope:schema:scan:1"/);
  assert.equal(found.verdict, scanVerdict(found.tensors));
});

test('a model file varies every hidden layer', async () => {
  const layer = (name: string, units: number, more: object) => ({
    class_name: 'Dense',
    config: { name, units, activation: 'relu', ...more },
  });
  const layers = [layer('a', 12, { batch_input_shape: [null, 8] }), layer('b', 12, {}), layer('c', 3, {})];
  const text = JSON.stringify({ class_name: 'Sequential', config: { name: 'net', layers } });
  const { scans, errors } = await scan(text, { factors: [1, 3] }, { path: 'net.json' });
  assert.deepEqual(errors, []);
  assert.deepEqual(scans[0]?.widths, ['×1', '×3']);
  assert.deepEqual(scans[0]?.parameters, [12 * 9 + 12 * 13 + 13 * 3, 36 * 9 + 36 * 37 + 37 * 3]);
  const uneven = await scan(text, { factors: [0.3, 1] }, { path: 'net.json' });
  assert.equal(uneven.errors[0]?.message, 'a = 12 times 0.3 is no whole number');
  const named = await scan(text, { parameter: ['hidden'] }, { path: 'net.json' });
  assert.match(named.errors[0]?.message ?? '', /^a model file has no parameter hidden$/);
});

const BAD: readonly (readonly [string, string, ScanChoices, RegExp])[] = [
  ['an unknown name', NET, { parameter: ['hiden'] }, /gives no whole number under the name hiden/],
  [
    'a width that is no whole number',
    NET,
    { factors: [0.3, 1] },
    /hidden = 16 times 0\.3 is no whole number/,
  ],
  [
    'no width',
    NET.replaceAll('units: hidden', 'units: 16').replace('units: classes', 'units: 3'),
    {},
    /no value of the file makes the model wider/,
  ],
  [
    'two widths',
    NET.replace('const hidden', 'const width = 12;\nconst hidden').replace('units: hidden', 'units: width'),
    {},
    /several values make the model wider: which one is the width\?/,
  ],
  ['a name that is no width', NET, { parameter: ['classes'], factors: [1, 2] }, /classes × 2 does not make/],
];
for (const [title, text, choices, message] of BAD)
  test(`one clear line: ${title}`, async () => {
    const { scans, errors } = await scan(text, choices);
    assert.equal(scans.length, 0);
    assert.equal(errors.length, 1, JSON.stringify(errors));
    assert.match(errors[0]?.message ?? '', message);
  });

test('several names are varied together', async () => {
  const two = NET.replace('const hidden', 'const width = 12;\nconst hidden').replace('hidden,', 'width,');
  const { scans, errors } = await scan(two, { parameter: ['width', 'hidden'], factors: [1, 2] });
  assert.deepEqual(errors, []);
  assert.deepEqual(scans[0]?.widths, ['12/16', '24/32']);
});

test('what a scan costs is known before', async () => {
  const request = { path: 'net.js', text: NET, options: {}, config: DEFAULT_PROJECT_CONFIG };
  const { costs } = await inspector.scanCosts(request, {}, new AbortController().signal);
  assert.equal(costs[0]?.widths, 4);
  assert.ok((costs[0]?.seconds ?? 0) > 0);
});
