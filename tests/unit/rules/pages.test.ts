import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RULES } from '../../../src/rules/table.ts';
import { inRepo } from '../../support/root.ts';
import { EXAMPLES } from '../../support/ruleExamples.ts';
import { rulePage } from '../../support/rulePage.ts';

test('every rule has its page, as its table row says it, and no page stands alone', () => {
  const pages = readdirSync(inRepo('docs', 'rules')).sort();
  assert.deepEqual(pages, RULES.map(({ id }) => `${id}.md`).sort());
  for (const rule of RULES) {
    const page = readFileSync(inRepo('docs', 'rules', `${rule.id}.md`), 'utf8');
    assert.equal(page, rulePage(rule), `docs/rules/${rule.id}.md is old: run node scripts/rulesDocs.mjs`);
  }
});

test('every rule has an example with a repair in Keras, TF.js and PyTorch', () => {
  for (const { id } of RULES) {
    const example = EXAMPLES[id];
    assert.ok(example, `${id} has no example`);
    assert.deepEqual(Object.keys(example.repair).sort(), ['keras3', 'pytorch', 'tfjs'], id);
  }
  assert.equal(Object.keys(EXAMPLES).length, RULES.length);
});

test('rule ids are unique and every text is there', () => {
  assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length);
  for (const rule of RULES) {
    for (const text of [
      rule.title,
      rule.criterion,
      rule.explanation,
      rule.advice,
      rule.formula,
      rule.legitimate,
    ]) {
      assert.ok(text.length > 3, rule.id);
    }
    assert.ok(rule.references.length > 0, rule.id);
  }
});
