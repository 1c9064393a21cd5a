import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textReport } from '../../../src/report/text.ts';
import { sampleFinding, sampleLayer, sampleReport, sampleSet } from '../../support/sampleReport.ts';

const plain = { color: false, allLayers: false, quiet: false };

test('a finding is one line with place, severity, rule and message, then its proof', () => {
  const text = textReport(sampleSet(), plain);
  assert.match(
    text,
    /nets\/a b\.json:2:3: error vanishing-signal the signal shrinks 5000× from dense to logits/,
  );
  assert.match(text, /signal last\/first 1\/5000 \[1\/10 000, ∞×\], healthy ≥ 1\/20/);
  assert.match(text, /cause {3}dense and 1 more layer: RandomNormal\(stddev=1\)/);
  assert.match(text, /advice {2}HeNormal for 2 layers \(measured: signal last\/first 1\/5000 → 1\/1\.11, /);
  assert.match(text, /the saved weights stay/);
});

test('facts of the model stand on one line', () => {
  assert.match(
    textReport(sampleSet(), plain),
    /^nets\/a b\.json {2}sequential · Keras 2\.10\.0 · 12 345 parameters · wasm, batch 64, 5 seeds · 0\.81 s$/m,
  );
});

test('the layer table shows intervals, prediction, expected shares and gains', () => {
  const row = textReport(sampleSet(), plain)
    .split('\n')
    .find((line) => line.includes('● ') && line.includes('dense_1'));
  assert.match(row ?? '', /0\.0727 \[0\.07, 0\.08\] +0\.073 +3\.7·10⁻⁴/);
  assert.match(row ?? '', /40 % \(10 %\) +RandomNormal\(stddev=1\) +10 +3\.16 \/ 1/);
});

test('very deep models are cut, and --all-layers shows every layer', () => {
  const layers = Array.from({ length: 200 }, (_, index) => sampleLayer({ id: `layer_${index}` }));
  const set = sampleSet({
    reports: [
      sampleReport({
        layers,
        findings: [sampleFinding({ layer: 'layer_100', layers: ['layer_100'], echoes: [] })],
      }),
    ],
  });
  const cut = textReport(set, plain);
  assert.match(cut, /… 169 more layers/);
  assert.match(cut, /layer_100/);
  assert.doesNotMatch(cut, /layer_50 /);
  assert.match(textReport(set, { ...plain, allLayers: true }), /layer_50 /);
});

test('colours appear only when asked for, and quiet leaves the table out', () => {
  assert.ok(!textReport(sampleSet(), plain).includes('\u001b'));
  assert.ok(textReport(sampleSet(), { ...plain, color: true }).includes('\u001b[31merror'));
  assert.doesNotMatch(textReport(sampleSet(), { ...plain, quiet: true }), /gain has/);
});

test('names from a file cannot steer the terminal', () => {
  const set = sampleSet({ reports: [sampleReport({ model: 'a\u001b[2Jb\r\u202ec\nd' })] });
  for (const color of [true, false]) {
    const text = textReport(set, { ...plain, color });
    assert.match(text, /a\ufffd\[2Jb\ufffd\ufffdc d/);
  }
});

test('a skipped file is one line', () => {
  assert.match(
    textReport(sampleSet(), plain),
    /^nets\/graph\.json: skipped: a graph-model holds no initializers$/m,
  );
});
