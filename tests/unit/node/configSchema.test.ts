import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parseProjectConfig } from '../../../src/node/configParser.ts';
import { RULES } from '../../../src/rules/table.ts';
import { configSchema } from '../../support/configSchema.ts';
import { inRepo } from '../../support/root.ts';

const file = inRepo('media/schemas/initscope.schema.json');
const ids = RULES.map(({ id }) => id);

test('the shipped schema is the one the table of rules gives (INITSCOPE_UPDATE=1 writes it)', () => {
  const text = `${JSON.stringify(configSchema(), undefined, 2)}\n`;
  if (process.env['INITSCOPE_UPDATE'] === '1') writeFileSync(file, text);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(text));
});

const good = [
  '{}',
  `{ "rules": { "${ids[0] ?? ''}": "off" }, "seeds": 3 }`,
  `{ "ignore": [{ "rule": "${ids[1] ?? ''}", "reason": "meant" }], "files": [{ "pattern": "*", "params": { "n": 3 } }] }`,
  `{ "rules": { "${ids[2] ?? ''}": { "severity": "hint" } }, "exclude": ["a/**"], "$schema": "x" }`,
];
const bad = [
  '[]',
  '{ "seed": 1 }',
  '{ "seeds": 0 }',
  '{ "rules": { "no-such-rule": "off" } }',
  '{ "ignore": [{ "rule": "*" }] }',
];

test('schema and parser accept and refuse the same configurations', () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(configSchema());
  for (const text of good) {
    assert.equal(validate(JSON.parse(text)), true, text);
    assert.doesNotThrow(() => parseProjectConfig(text, ids), text);
  }
  for (const text of bad) {
    assert.equal(validate(JSON.parse(text)), false, text);
    assert.throws(() => parseProjectConfig(text, ids), text);
  }
});
