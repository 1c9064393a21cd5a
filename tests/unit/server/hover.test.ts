import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Report, ReportLayer, ReportSet } from '../../../src/model/report.ts';
import { FileState } from '../../../src/server/fileState.ts';
import { hoverFor } from '../../../src/server/hover.ts';
import { viewOf } from '../../../src/server/view.ts';
import { fakeInspector } from '../../support/fakeInspector.ts';
import { fakeModel } from './harness.ts';

const path = '/work/model.json';
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
async function measured(numbers: Partial<ReportLayer>): Promise<FileState> {
  const inspector = fakeInspector();
  const request = {
    path,
    text,
    options: {},
    backend: 'auto',
    budgetSeconds: 10,
    config: { rules: {}, ignore: [], exclude: [], files: [] },
  } as const;
  const state = new FileState(`file://${path}`, path, false);
  state.opened({ text, version: 1, languageId: 'json' });
  const content = await inspector.readStatic(request);
  state.reading = { text, document: TextDocument.create(state.uri, 'json', 1, text), content };
  const set = await inspector.inspect(request, new AbortController().signal);
  const reports = set.reports.map((report): Report => ({
    ...report,
    layers: report.layers.map((layer): ReportLayer => ({ ...layer, ...numbers })),
  }));
  state.measured = { text, set: { ...set, reports } satisfies ReportSet, at: 0 };
  return state;
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
