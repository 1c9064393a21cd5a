import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Comparison } from '../../src/model/comparison.ts';
import type { Advice } from '../../src/model/finding.ts';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { HEALTHY, kerasDense, kerasSequential } from '../support/kerasJson.ts';
import { npy, npyBytes } from '../support/npy.ts';

const ROWS = 96;
/** Numbers from 0 to 255 without a pattern that a net could see. */
const pixels = Array.from({ length: ROWS * 8 }, (_, index) => (index * index * 37 + index * 101) % 256);
const scaled = pixels.map((value) => (value - 127.5) / 74);
const rare = Array.from({ length: ROWS }, (_, row) => (row % 16 === 0 ? 1 : 0));
const BINARY = kerasSequential([
  kerasDense('a', 16),
  kerasDense('out', 1, { activation: 'sigmoid', kernel_initializer: { class_name: 'Zeros', config: {} } }),
]);

const files = {
  'model.json': HEALTHY,
  'binary.json': BINARY,
  'pixels.npy': npyBytes("'|u1'", [ROWS, 8], Uint8Array.from(pixels)),
  'scaled.npy': npy(scaled, [ROWS, 8]),
  'rare.npy': npy(rare, [ROWS]),
  'even.npy': npy(
    rare.map((_, row) => row % 2),
    [ROWS],
  ),
  'three.npy': npy(
    rare.map(() => 3),
    [ROWS],
  ),
  'short.npy': npy([0, 1, 0], [3]),
  'wide.npy': npy(new Array<number>(18).fill(1), [2, 9]),
  'nan.npy': npy([...scaled.slice(0, 20), NaN, ...scaled.slice(21)], [ROWS, 8]),
  'objects.npy': npyBytes("'|O'", [2], Uint8Array.of(0x80, 4, 0x4e, 0x2e)),
  'text.csv': 'a,b,c,d,e,f,g,h\n1,2,3,4,5,6,7,8\n1,2,cat,4,5,6,7,8\n',
};

interface Reported {
  readonly reports: readonly {
    readonly findings: readonly {
      readonly rule: string;
      readonly advice: readonly Pick<Advice, 'title' | 'proof' | 'after' | 'snippet'>[];
    }[];
  }[];
}

async function findings(
  cwd: string,
  args: readonly string[],
): Promise<Reported['reports'][number]['findings']> {
  const { out, err } = await cli(['inspect', ...args, '--json', '--no-cache', '--fail-on', 'never'], { cwd });
  assert.equal(err, '');
  return (JSON.parse(out) as Reported).reports.flatMap((report) => report.findings);
}

await test('inputs of 0 to 255 fire input-scale and nothing is blamed on the kernels; scaled ones do not', async () => {
  await inFolder(files, async (cwd) => {
    const raw = await findings(cwd, ['model.json', '--data', 'pixels.npy']);
    assert.deepEqual(
      raw.map(({ rule }) => rule),
      ['input-scale'],
    );
    const [advice] = raw[0]?.advice ?? [];
    assert.match(advice?.title ?? '', /^divide .* by 255/);
    assert.equal(advice?.proof, 'measured');
    assert.deepEqual(advice?.after.findings, []);
    assert.match(advice?.snippet.keras2 ?? '', /Rescaling\(1 \/ 255\)/);
    assert.deepEqual(await findings(cwd, ['model.json', '--data', 'scaled.npy']), []);
  });
});

/** The first loss of the file's own initialization, as `compare` measures it. */
async function firstLoss(cwd: string, args: readonly string[]): Promise<number> {
  const { code, out, err } = await cli(['compare', 'model.json', '--json', '--seeds', '4', ...args], { cwd });
  assert.equal(code, 0, err);
  const { comparisons } = JSON.parse(out) as { comparisons: readonly Pick<Comparison, 'starts'>[] };
  return comparisons[0]?.starts.find(({ id }) => id === 'file')?.figures.initialLoss.mean ?? NaN;
}

await test('compare measures on the data; so do compare and inspect where initscope.json names it', async () => {
  const config = JSON.stringify({ files: [{ pattern: 'model.json', data: { inputs: ['pixels.npy'] } }] });
  const [random, data] = await inFolder(files, async (cwd) => [
    await firstLoss(cwd, []),
    await firstLoss(cwd, ['--data', 'pixels.npy']),
  ]);
  assert.ok((data ?? NaN) > 5 * (random ?? NaN), `${data} with the pixels, ${random} without`);
  await inFolder({ ...files, 'initscope.json': config }, async (cwd) => {
    assert.equal(await firstLoss(cwd, []), data);
    const found = await findings(cwd, ['model.json']);
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['input-scale'],
    );
  });
});

await test('rare labels fire output-bias with the bias as advice; balanced ones do not', async () => {
  await inFolder(files, async (cwd) => {
    const data = ['binary.json', '--data', 'scaled.npy', '--labels'];
    const found = (await findings(cwd, [...data, 'rare.npy'])).find(({ rule }) => rule === 'output-bias');
    assert.match(found?.advice[0]?.title ?? '', /-2\.71/);
    const even = await findings(cwd, [...data, 'even.npy']);
    assert.ok(!even.some(({ rule }) => rule === 'output-bias'));
  });
});

await test('the log prior of several classes has no spelling: one line says so with code to copy, and nothing is written', async () => {
  const three = kerasSequential([
    kerasDense('a', 16),
    kerasDense('out', 3, { activation: 'softmax', kernel_initializer: { class_name: 'Zeros', config: {} } }),
  ]);
  const source = `import * as tf from '@tensorflow/tfjs';
export const model = tf.sequential();
model.add(tf.layers.dense({ inputShape: [8], units: 16, activation: 'relu', kernelInitializer: 'heUniform' }));
model.add(tf.layers.dense({ name: 'out', units: 3, activation: 'softmax', kernelInitializer: 'zeros' }));
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
`;
  const spelled = {
    'three.json': [three, /model\.get_layer\('out'\)\.bias\.assign\(\[-0\.06\d*, -2\.\d+, -?[\d.]+\]\)/],
    'three.js': [source, /head\.setWeights\(\[head\.getWeights\(\)\[0\], tf\.tensor1d\(\[-0\.06/],
  } as const;
  const contents = { ...files, 'three.json': three, 'three.js': source };
  await inFolder(contents, async (cwd) => {
    for (const [file, [text, code]] of Object.entries(spelled)) {
      const args = [file, '--data', 'scaled.npy', '--labels', 'rare.npy', '--rule', 'output-bias', '--write'];
      const { err } = await cli(['fix', ...args, '--no-cache'], { cwd });
      const told = err.split('\n').filter((line) => line.includes('no edit'));
      assert.equal(told.length, 1, err);
      assert.match(told[0] ?? '', /no edit: output-bias at out: no initializer takes one number per class/);
      assert.match(err, code);
      assert.doesNotMatch(err, /\n {4}at /);
      assert.equal(readFileSync(join(cwd, file), 'utf8'), text);
    }
  });
});

const refused: readonly (readonly [readonly string[], RegExp])[] = [
  [['--data', 'wide.npy'], /shape \(rows, 9\); expected shape \(rows, 8\)/],
  [['--data', 'nan.npy'], /NaN in row 3, value 5/],
  [['--data', 'objects.npy'], /never unpickled/],
  [['--data', 'text.csv'], /row 3, column 3 \(c\) is text; found "cat"/],
  [['--data', 'none.npy'], /no such file/],
  [['--data', 'scaled.npy', '--labels', 'three.npy'], /found 3; expected class ids from 0 to 2/],
  [['--data', 'scaled.npy', '--labels', 'short.npy'], /found 3 labels; expected 96/],
  [['--labels', 'rare.npy'], /--labels needs --data/],
];

await test('data that does not fit is one clear line and exit code 2', async () => {
  await inFolder(files, async (cwd) => {
    for (const [args, pattern] of refused) {
      const { code, out, err } = await cli(['inspect', 'model.json', ...args], { cwd });
      assert.equal(code, 2, args.join(' '));
      assert.match(err, pattern);
      assert.equal(err.trim().split('\n').length, 1, err);
      assert.doesNotMatch(out + err, /\n {4}at /);
    }
  });
});
