import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownReport } from '../../../src/report/markdown.ts';
import { sampleReport, sampleSet } from '../../support/sampleReport.ts';

test('a report is a heading, its verdict, findings with numbers, and the layers', () => {
  const text = markdownReport(sampleSet());
  assert.match(text, /^## sequential$/m);
  assert.match(text, /^\*\*The signal shrinks 5000× from dense to logits\.\*\*$/m);
  assert.match(text, /^\| signal last\/first \| 1\/5000 \| \[1\/10 000, ∞×\] \| ≥ 1\/20 \|$/m);
  assert.match(text, /keras\.initializers\.HeNormal\(\)/);
});

test('names from a file are never markup', () => {
  const text = markdownReport(
    sampleSet({ reports: [sampleReport({ model: '<img src=x> [a](b) `c` **d**' })] }),
  );
  assert.doesNotMatch(text, /<img/);
  assert.match(text, /&lt;img src=x> \\\[a\\\]\(b\) \\`c\\` \\\*\\\*d\\\*\\\*/);
});
