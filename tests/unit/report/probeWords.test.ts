import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Probe } from '../../../src/model/probe.ts';
import { probeMarkdown, probeText } from '../../../src/report/probe.ts';
import { PROBE_CAPTION, probeSentences } from '../../../src/report/probeWords.ts';
import { madeProbe } from '../../support/studies.ts';

function made(): Probe {
  const [probe] = madeProbe().probes;
  assert.ok(probe !== undefined);
  return probe;
}

test('the fastest start, the fate of the file’s own, and how alike the solutions are', () => {
  assert.deepEqual(probeSentences(made()), [
    'HeNormal, Adam learns fastest.',
    "The file's own start, Adam: ▲ 100 % stuck.",
    'Seeds of the fastest start find different solutions: they end 1.41 apart in weights (√2: independent), disagree in 10 %, and the loss rises by 0.3 on the straight line between two of them.',
  ]);
});

test('solutions without a barrier, and starts that all fail or do not exist', () => {
  const probe = made();
  const [best] = probe.starts;
  assert.ok(best !== undefined);
  const pairs = best.result.pairs.map((pair) => ({ ...pair, barrier: -0.1 }));
  const joined = { ...best, id: 'file', result: { ...best.result, pairs } };
  assert.match(
    probeSentences({ ...probe, starts: [joined] })[1] ?? '',
    /find solutions of one valley: .* does not rise on the straight line/,
  );
  assert.deepEqual(probeSentences({ ...probe, starts: probe.starts.slice(1) }), [
    'No start learns within 40 steps.',
  ]);
  assert.deepEqual(probeSentences({ ...probe, starts: [] }), ['Nothing was trained.']);
});

test('terminal and Markdown carry the sentences and what the columns mean', () => {
  for (const text of [probeText(madeProbe()), probeMarkdown(madeProbe())]) {
    assert.ok(text.includes('HeNormal, Adam learns fastest.'));
    assert.ok(text.includes(PROBE_CAPTION));
  }
});
