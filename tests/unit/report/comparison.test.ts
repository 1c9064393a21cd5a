import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparisonSet } from '../../../src/model/comparison.ts';
import {
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
} from '../../../src/report/comparison.ts';
import { sampleReport } from '../../support/sampleReport.ts';

const measured = (mean: number) => ({ mean, lo: mean / 2, hi: mean * 2, n: 5 });
const figures = {
  signal: measured(1),
  gradient: measured(0.1),
  drift: measured(2),
  dead: measured(0.1),
  saturated: measured(0),
  initialLoss: measured(NaN),
};

function sample(title: string): ComparisonSet {
  const { file, modelId, model, framework, plan, run, reproduce } = sampleReport();
  const start = {
    ...{ id: 'file', title, changes: [], figures, findings: ['dead-relu'], why: 'because, "so"' },
    profile: { signal: [1, 0.5], gradient: [0.5, null] },
  };
  const starts = [start, { ...start, id: 'he-normal', title: 'HeNormal', findings: [] }];
  return {
    comparisons: [{ file, modelId, model, framework, plan, run, reproduce, layers: ['a', 'b'], starts }],
    errors: [],
    lineStarts: {},
  };
}

test('the table is ranked and shows intervals', () => {
  const text = comparisonText(sample('as in the file'));
  assert.match(text, /^ {2}1 {2}as in the file +1× \[1\/2, 2×\] +1\/10 \[1\/20, 1\/5\] +10 % \[5 %, 20 %\]/m);
  assert.match(text, /^ {2}2 {2}HeNormal/m);
});

test('CSV quotes what needs it and starts no formula', () => {
  const lines = comparisonCsv(sample('=1+1, "x"')).split('\r\n');
  assert.equal(lines.length, 4);
  assert.match(lines[0] ?? '', /^file,model,rank,id,title,signal,signalLo,signalHi,/);
  assert.match(lines[1] ?? '', /^nets\/a b\.json,sequential,1,file,"'=1\+1, ""x""",1,0\.5,2,/);
  assert.match(lines[2] ?? '', /NaN/);
});

test('JSON keeps what numbers JSON cannot write, Markdown escapes titles', () => {
  const text = JSON.stringify(comparisonJson(sample('x'), '1.2.3'));
  assert.match(text, /"schema":"urn:initscope:schema:comparison:1"/);
  assert.match(text, /"initialLoss":\{"mean":"NaN"/);
  assert.match(comparisonMarkdown(sample('<b>|')), /\| &lt;b>\\\| \|/);
});
