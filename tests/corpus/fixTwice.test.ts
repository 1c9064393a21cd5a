import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { heldOutMutants } from '../calibrate/heldOut.ts';
import { mutantSet } from '../calibrate/mutantSet.ts';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { inRepo } from '../support/root.ts';

const EXAMPLES = [
  'dead-relu-cnn.json',
  'deep-sigmoid.json',
  'healthy-cnn.json',
  'n01-mlp/model.json',
  'zero-mlp.json',
];

/** One mutant of each kind: whole nets, one layer, biases, heads, norms, residual and recurrent ones. */
const MUTANTS = [
  'n01-relu-all',
  'ones-tanh-all',
  'zeros-relu-d5',
  'n01-tanh-d9',
  'n01-bn',
  'n001-relu-10',
  'beta-1',
  'bias-3',
  'head-n01',
  'gru-u1',
  'res-plain-50',
  'sigmoid-3',
  'depthwise-keras-fans',
  'held-constant-all',
];

function files(): Record<string, string> {
  const mutants = [...mutantSet(false), ...heldOutMutants()].filter(({ model }) =>
    MUTANTS.includes(model.name),
  );
  assert.equal(mutants.length, MUTANTS.length);
  return Object.fromEntries([
    ...EXAMPLES.map((name) => [name, readFileSync(inRepo('examples', name), 'utf8')]),
    ...mutants.map(({ model }) => [`${model.name}.json`, model.text]),
  ]) as Record<string, string>;
}

test('a fix leaves nothing to do for a second one, on the examples and on one mutant of each kind', async () => {
  const before = files();
  await inFolder(before, async (cwd) => {
    const names = Object.keys(before);
    const first = await cli(['fix', ...names, '--write', '--no-cache'], { cwd });
    assert.doesNotMatch(first.err, /error|\n {4}at /, first.err);
    const after = names.map((name) => readFileSync(join(cwd, name), 'utf8'));
    const changed = names.filter((name, index) => after[index] !== before[name]);
    assert.ok(changed.length >= 0.8 * (names.length - 1), `changed: ${changed.join(', ')}`);
    const second = await cli(['fix', ...names, '--write', '--no-cache'], { cwd });
    assert.equal(second.code, 0, second.err);
    assert.match(second.err, /nothing to fix\n$/);
    assert.deepEqual(
      names.filter((name, index) => after[index] !== readFileSync(join(cwd, name), 'utf8')),
      [],
    );
  });
});

test('what is only information waits until its rule is named', async () => {
  const text = readFileSync(inRepo('examples', 'healthy-cnn.json'), 'utf8');
  await inFolder({ 'model.json': text }, async (cwd) => {
    const path = join(cwd, 'model.json');
    const unasked = await cli(['fix', 'model.json', '--write'], { cwd });
    assert.equal(unasked.code, 0, unasked.err);
    assert.match(
      unasked.err,
      /^model\.json: only information, so not applied: initial-loss at classes; --rule initial-loss does\nnothing to fix\n$/,
    );
    assert.equal(readFileSync(path, 'utf8'), text);
    const asked = await cli(['fix', 'model.json', '--write', '--rule', 'initial-loss'], { cwd });
    assert.equal(asked.code, 0, asked.err);
    assert.notEqual(readFileSync(path, 'utf8'), text);
    const again = await cli(['fix', 'model.json', '--write', '--rule', 'initial-loss'], { cwd });
    assert.equal(again.err, 'nothing to fix\n');
  });
});

test('a read-only file is one clear line, and stays as it is', async () => {
  const text = readFileSync(inRepo('examples', 'zero-mlp.json'), 'utf8');
  await inFolder({ 'model.json': text }, async (cwd) => {
    const path = join(cwd, 'model.json');
    chmodSync(path, 0o444);
    const { code, err } = await cli(['fix', 'model.json', '--write'], { cwd });
    assert.equal(code, 2);
    assert.match(err, /^model\.json: error: the file is read-only; nothing was written$/m);
    assert.doesNotMatch(err, /\n {4}at /);
    assert.equal(readFileSync(path, 'utf8'), text);
  });
});

test('a probe that diverges at once says so and ends', async () => {
  const mutant = mutantSet(false).find(({ model }) => model.name === 'head-n05-mse');
  const text = (mutant?.model.text ?? '').replaceAll('"stddev": 1', '"stddev": 1e12');
  await inFolder({ 'model.json': text }, async (cwd) => {
    const args = ['probe', 'model.json', '--steps', '20', '--seeds', '2', '--with', 'he-normal'];
    const { code, out, err } = await cli(args, { cwd });
    assert.equal(code, 0, err);
    assert.match(out, /as in the file.*100 %/);
    assert.doesNotMatch(out + err, /\n {4}at |undefined/);
  });
});
