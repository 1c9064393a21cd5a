import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report, ReportLayer } from '../../../src/model/report.ts';
import type { FileState } from '../../../src/server/fileState.ts';
import { hoverFor } from '../../../src/server/hover.ts';
import { viewOf } from '../../../src/server/view.ts';
import { fakeModel } from './harness.ts';
import { measuredState } from './measuredState.ts';

const text = fakeModel({ first: 'bad', second: 'fine' });
const about = (mean: number) => ({ mean, lo: mean, hi: mean, n: 5 });

const NUMBERS: Partial<ReportLayer> = {
  initializers: [
    {
      weight: 'kernel',
      spec: { id: 'heNormal', params: {}, seed: null, written: 'HeNormal' },
      spelled: 'HeNormal()',
      fanIn: 288,
      effectiveFanIn: 72,
      gain: { has: 0.71, needs: 1.41 },
    },
  ],
  measured: {
    preActivation: about(0.5),
    activation: about(0.4),
    gradientNorm: about(0.01),
    dead: about(0.12),
    saturated: about(0.2),
    zeros: about(0.51),
  },
  predicted: { preActivation: 0.51, zeros: 0.5 },
  expected: { preActivation: about(1.4), dead: about(0) },
};

/** What is known of the text once it is measured, with these numbers at every layer. */
function measured(numbers: Partial<ReportLayer>, change?: (report: Report) => Report): Promise<FileState> {
  return measuredState(text, (report) => {
    const layers = report.layers.map((layer): ReportLayer => ({ ...layer, ...numbers }));
    return change === undefined ? { ...report, layers } : change({ ...report, layers });
  });
}

function hoverAt(state: FileState, word: string): string {
  const view = viewOf(state.uri, state);
  assert.ok(view);
  const { contents } = hoverFor(state, view, text.indexOf(word) + 2) ?? {};
  assert.ok(typeof contents === 'object' && 'value' in contents);
  return contents.value;
}

test('a hover has measured, predicted and expected, the shares, and what the initializer has and needs', async () => {
  const shown = hoverAt(await measured(NUMBERS), '"fine"');
  assert.match(shown, /\| \| &nbsp; measured \| &nbsp; predicted \| &nbsp; expected \|/);
  assert.match(shown, /\| rms before activation \| 0\.5 \| 0\.51 \| 1\.4 \|/);
  assert.match(shown, /\| gradient norm \| 0\.01 \| – \| – \|/);
  assert.match(shown, /kernel: HeNormal\(\) · fan-in 288, effective 72 · gain has 0\.71, needs 1\.41/);
  assert.match(shown, /dead units 12 % \(expected 0 %\) · saturated 20 % · zeros 51 %/);
});

test('its verdict is one line: a cause, nothing wrong, stale, not measured', async () => {
  const state = await measured(NUMBERS);
  assert.match(hoverAt(state, '"bad"'), /^\$\(warning\) Causes vanishing-gradient\.$/m);
  assert.match(hoverAt(state, '"fine"'), /^\$\(check\) Nothing wrong here\.$/m);
  state.outdated = true;
  assert.match(hoverAt(state, '"bad"'), /^_Stale, measured before the last change\._ \$\(warning\) Causes/m);
  state.measured = undefined;
  assert.match(hoverAt(state, '"bad"'), /^Not measured yet\.$/m);
});

test('a layer that suffers from another names it; what it causes itself goes before', async () => {
  const echo = (layer: string) => ({ layer, rule: 'dead-relu', message: 'All its units are dead.' });
  const state = await measured(NUMBERS, (report) => ({
    ...report,
    findings: report.findings.map((finding) => ({ ...finding, echoes: [echo('first'), echo('second')] })),
  }));
  const damaged = /^\$\(arrow-up\) Shows the damage of first \(vanishing-gradient\)\.$/m;
  assert.match(hoverAt(state, '"fine"'), damaged);
  assert.match(hoverAt(state, '"bad"'), /^\$\(warning\) Causes vanishing-gradient\.$/m);
  state.outdated = true;
  assert.match(hoverAt(state, '"fine"'), /^_Stale, .*_ \$\(arrow-up\) Shows the damage of first/m);
});

test('a layer that was not measured says why, and has its prediction alone', async () => {
  const shown = hoverAt(
    await measured({
      notMeasured: 'Lambda holds code that is not run <here>.',
      measured: {},
      predicted: { preActivation: 0.51 },
    }),
    '"fine"',
  );
  assert.match(shown, /^Not measured: Lambda holds code that is not run \\<here\\>\.$/m);
  assert.match(shown, /\| rms before activation \| – \| 0\.51 \| – \|/);
});
