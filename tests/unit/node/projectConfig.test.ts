import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseProjectConfig } from '../../../src/node/configParser.ts';
import { ConfigError, configFor, fileSettings, findProjectConfig } from '../../../src/node/projectConfig.ts';
import { InputError } from '../../../src/model/problem.ts';
import { inFolder } from '../../support/folder.ts';

const rules = ['dead-relu', 'initial-loss'];

test('a whole configuration is read, comments and short severities included', () => {
  const config = parseProjectConfig(
    `{
      // what we agreed on
      "rules": { "dead-relu": "off", "initial-loss": { "severity": "error", "thresholds": { "logitStd": 4 } } },
      "ignore": [{ "rule": "dead-relu", "layer": "head*", "reason": "meant" }],
      "exclude": ["old/**"],
      "files": [{ "pattern": "*.json", "inputShapes": { "": [28, 28, 1] }, "semantics": "keras2" }],
      "seeds": 10,
    }`,
    rules,
  );
  assert.deepEqual(config.rules['dead-relu'], { severity: 'off' });
  assert.deepEqual(config.rules['initial-loss'], { severity: 'error', thresholds: { logitStd: 4 } });
  assert.equal(config.seeds, 10);
  assert.deepEqual(config.files[0]?.inputShapes, { '': [28, 28, 1] });
});

const mistakes: readonly (readonly [string, string, string])[] = [
  ['{ "rules": { "dead-rleu": "off" } }', 'rules.dead-rleu', '"dead-rleu"'],
  ['{ "rules": { "dead-relu": "loud" } }', 'rules.dead-relu', '"loud"'],
  ['{ "rules": { "dead-relu": { "thresholds": { "a": "1" } } } }', 'rules.dead-relu.thresholds.a', '"1"'],
  ['{ "ignore": [{ "rule": "dead-relu" }] }', 'ignore[0].reason', '{ "rule": "dead-relu" }'],
  ['{ "files": [{ "pattern": "*", "inputShapes": { "x": [0] } }] }', 'files[0].inputShapes.x[0]', '0'],
  ['{ "sedes": 3 }', 'sedes', '"sedes"'],
  ['{ "seeds": 3, "seeds": 4 }', 'seeds', '"seeds"'],
  ['{ "seeds": -1 }', 'seeds', '-1'],
  ['[]', 'the configuration', '[]'],
];

for (const [text, key, place] of mistakes)
  test(`${text} is refused at ${key}`, () => {
    assert.throws(
      () => parseProjectConfig(text, rules),
      (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.ok(error.message.startsWith(`${key} `), error.message);
        const { range } = error.problem;
        assert.ok(range);
        assert.equal(text.slice(range.start, range.end), place);
        return true;
      },
    );
  });

test('broken JSON names the place', () => {
  assert.throws(() => parseProjectConfig('{ "seeds": ', rules), /the configuration is not JSON/);
});

test('the nearest file upwards counts, and its globs are relative to it', async () => {
  const files = {
    'initscope.json':
      '{ "seeds": 7, "files": [{ "pattern": "nets/*.json", "loss": "mae" }, { "pattern": "a.json", "loss": "mse" }] }',
    'nets/deep/initscope.json': '{ "seeds": 9 }',
    'nets/deep/x/y.json': '',
  };
  await inFolder(files, async (folder) => {
    const outer = await findProjectConfig(join(folder, 'nets'), rules);
    assert.equal(outer.config.seeds, 7);
    assert.equal(fileSettings(outer, join(folder, 'nets/b.json')).loss, 'mae');
    assert.equal(fileSettings(outer, join(folder, 'nets/a.json')).loss, 'mse');
    assert.equal(fileSettings(outer, join(folder, 'nets/deep/b.json')).loss, undefined);
    assert.equal((await findProjectConfig(join(folder, 'nets/deep/x'), rules)).config.seeds, 9);
  });
});

test('ignores bound to other files are left out', async () => {
  const text =
    '{ "ignore": [{ "rule": "dead-relu", "file": "a.json", "reason": "r" }, { "rule": "initial-loss", "reason": "r" }] }';
  await inFolder({ 'initscope.json': text }, async (folder) => {
    const found = await findProjectConfig(folder, rules);
    assert.deepEqual(
      configFor(found, join(folder, 'b.json')).ignore.map(({ rule }) => rule),
      ['initial-loss'],
    );
    assert.equal(configFor(found, join(folder, 'sub/a.json')).ignore.length, 2);
  });
});

test('a broken configuration is an error with its file and lines', async () => {
  await inFolder({ 'initscope.json': '{\n "seeds": "x" }' }, async (folder) => {
    await assert.rejects(findProjectConfig(folder, rules), (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      assert.equal(error.file, join(folder, 'initscope.json'));
      assert.deepEqual(error.lineStarts, [0, 2]);
      return true;
    });
  });
});
