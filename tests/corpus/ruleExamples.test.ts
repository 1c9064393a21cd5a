import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { RULES } from '../../src/rules/table.ts';
import { inRepo } from '../support/root.ts';
import { type ExampleLines, exampleLines } from '../support/ruleFindings.ts';

const file = inRepo('tests', 'support', 'ruleFindings.json');

test('every rule fires on the example of its page, with the numbers that stand there', async () => {
  const told = await exampleLines(RULES.map(({ id }) => id));
  for (const { id } of RULES) assert.ok((told[id]?.length ?? 0) > 0, `${id} does not fire on its example`);
  if (process.env['INITSCOPE_UPDATE'] === '1') writeFileSync(file, `${JSON.stringify(told, null, 2)}\n`);
  const kept = JSON.parse(readFileSync(file, 'utf8')) as ExampleLines;
  assert.deepEqual(told, kept, 'run this test with INITSCOPE_UPDATE=1, then node scripts/rulesDocs.mjs');
});
