import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InspectAnswer } from '../../../src/protocol/lsp.ts';
import type { StudyAnswer, ViewAnswer } from '../../../src/protocol/lspViews.ts';
import { decodeSummary } from '../../../src/protocol/reportParts.ts';
import { decodeReports, decodeWire } from '../../../src/protocol/wireReports.ts';
import { fakeModel, startEditor } from './harness.ts';

const uri = 'file:///work/model.json';

test('results travel once under an id, in a summary, and their parts can be asked for even when the file is closed', async () => {
  const editor = await startEditor({ run: 'onSave' });
  const view = (known?: string): Promise<ViewAnswer> =>
    editor.connection.sendRequest('initscope/view', { uri, ...(known === undefined ? {} : { known }) });
  assert.deepEqual(await view(), { id: null, reports: null, stale: false });
  editor.open(uri, fakeModel({ first: 'bad' }));
  await editor.reached(uri, 'verdict');
  const first = await view();
  assert.ok(first.id !== null && first.reports !== null);
  const [report] = decodeSummary(first.reports).reports;
  assert.equal(report?.layers[0]?.id, 'first');
  assert.deepEqual(await view(first.id), { id: first.id, reports: null, stale: false });
  editor.edit(uri, fakeModel({ first: 'fine' }));
  assert.deepEqual(await view(first.id), { id: first.id, reports: null, stale: true });
  editor.close(uri);
  const whole = await editor.connection.sendRequest<string>('initscope/wholeReports', { id: first.id });
  assert.equal(decodeReports(whole).reports[0]?.model, report?.model);
  const part = { id: first.id, modelId: report?.modelId, part: { kind: 'distributions', layers: ['first'] } };
  const found = await editor.connection.sendRequest<string>('initscope/reportPart', part);
  assert.deepEqual(decodeWire(found), {});
  const gone = await editor.connection.sendRequest('initscope/reportPart', { ...part, id: 'nothing' });
  assert.equal(gone, null);
  editor.dispose();
});

test('a study’s cost is told while another runs; its result can be asked for and grows stale', async () => {
  const editor = await startEditor({ run: 'manual' });
  editor.open(uri, fakeModel({ slow: 'bad' }));
  await editor.reached(uri, 'predicted');
  const result = (): Promise<StudyAnswer | null> =>
    editor.connection.sendRequest('initscope/studyResult', { uri, study: 'comparison' });
  assert.equal(await result(), null);
  const running = editor.connection.sendRequest<InspectAnswer>('initscope/compare', { uri });
  await editor.reached(uri, 'measuring');
  const costs = await Promise.all(
    ['initscope/compareCost', 'initscope/probeCost'].map((method) =>
      editor.connection.sendRequest<InspectAnswer>(method, { uri }),
    ),
  );
  assert.equal(costs[0]?.message, '13 initializations on 5 seeds each: about 4.2 s of one thread.');
  assert.match(costs[1]?.message ?? '', /^48 trainings/);
  assert.ok((await running).ok);
  const found = await result();
  assert.equal(found?.stale, false);
  editor.edit(uri, fakeModel({ first: 'fine' }));
  assert.equal((await result())?.stale, true);
  editor.dispose();
});

test('a scenario is measured for the model that is named', async () => {
  const editor = await startEditor({ run: 'manual' });
  editor.open(uri, fakeModel({ first: 'bad' }));
  await editor.reached(uri, 'predicted');
  const text = await editor.connection.sendRequest<string>('initscope/scenario', {
    uri,
    modelId: 'fake',
    scenario: { gain: 1, width: 2 },
  });
  assert.deepEqual(decodeWire(text), { seeds: 5, layers: {} });
  editor.dispose();
});
