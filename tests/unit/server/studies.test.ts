import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import type { ScanSet } from '../../../src/model/scan.ts';
import type { StartsSet } from '../../../src/model/startsSet.ts';
import type { InspectAnswer } from '../../../src/protocol/lsp.ts';
import type { StudyAnswer } from '../../../src/protocol/lspViews.ts';
import { decodeWire } from '../../../src/protocol/wireReports.ts';
import { fakeModel, startEditor } from './harness.ts';

const uri = 'file:///work/model.json';

test('a comparison is ranked on its page, stale after an edit, gone when cleared', async () => {
  const editor = await startEditor({ run: 'manual' });
  const page = (): Promise<string> =>
    editor.connection.sendRequest('initscope/page', { uri, page: 'initializers' });
  const steps: string[] = [];
  editor.connection.onNotification(
    'initscope/studyProgress',
    ({ study, text }: { study: string; text: string }) => {
      steps.push(`${study}, ${text}`);
    },
  );
  editor.open(uri, fakeModel({ first: 'bad' }));
  await editor.reached(uri, 'predicted');
  assert.match(await page(), /Nothing was measured yet/);
  const answer = await editor.connection.sendRequest<InspectAnswer>('initscope/compare', { uri });
  assert.deepEqual(answer, { ok: true, message: 'fake: HeNormal everywhere is best.' });
  assert.deepEqual(steps, ['comparison, HeNormal everywhere: seed 1 of 5']);
  assert.match(await page(), /^# Initscope: initializations compared[\s\S]*HeNormal everywhere/);
  editor.edit(uri, fakeModel({ first: 'fine' }));
  assert.match(await page(), /^> Stale/);
  await editor.connection.sendRequest('initscope/clear', {});
  assert.match(await page(), /Nothing was measured yet/);
  editor.dispose();
});

test('saved weights are measured beside a fresh draw, and stay with the file', async () => {
  const editor = await startEditor({ run: 'manual' });
  editor.open(uri, fakeModel({ first: 'bad' }));
  await editor.reached(uri, 'predicted');
  const result = () =>
    editor.connection.sendRequest<StudyAnswer | null>('initscope/studyResult', { uri, study: 'starts' });
  assert.equal(await result(), null);
  const answer = await editor.connection.sendRequest<InspectAnswer>('initscope/starts', { uri });
  assert.equal(answer.ok, true);
  const { models } = decodeWire((await result())?.text ?? '') as StartsSet;
  assert.deepEqual(models.length, 1);
  editor.edit(uri, fakeModel({ first: 'fine' }));
  assert.equal((await result())?.stale, true);
  await editor.connection.sendRequest('initscope/clear', {});
  assert.equal(await result(), null);
  editor.dispose();
});

test('a step that comes after a study has ended does not show the file as being measured', async () => {
  const editor = await startEditor({ run: 'manual' });
  editor.open(uri, fakeModel({ late: 'bad' }));
  await editor.reached(uri, 'predicted');
  await editor.connection.sendRequest<InspectAnswer>('initscope/compare', { uri });
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(editor.statuses.findLast((status) => status.uri === uri)?.state, 'predicted');
  editor.dispose();
});

test('a comparison that is cancelled says so, leaves no page and no work', async () => {
  const editor = await startEditor({ run: 'manual' });
  const text = fakeModel({ long: 'bad' });
  editor.open(uri, text);
  await editor.reached(uri, 'predicted');
  const source = new CancellationTokenSource();
  const answer = editor.connection.sendRequest<InspectAnswer>('initscope/compare', { uri }, source.token);
  await editor.reached(uri, 'measuring');
  source.cancel();
  assert.deepEqual(await answer, { ok: false, message: 'Cancelled.', stopped: true });
  await editor.reached(uri, 'predicted');
  const page = await editor.connection.sendRequest<string>('initscope/page', { uri, page: 'initializers' });
  assert.match(page, /Nothing was measured yet/);
  editor.dispose();
});

test('Stop Measuring stops a comparison and what waits behind it', async () => {
  const editor = await startEditor({ run: 'manual' });
  editor.open(uri, fakeModel({ long: 'bad' }));
  await editor.reached(uri, 'predicted');
  const ask = (method: string): Promise<InspectAnswer> => editor.connection.sendRequest(method, { uri });
  const answers = [ask('initscope/compare'), ask('initscope/probe')];
  await editor.reached(uri, 'measuring');
  await editor.connection.sendNotification('initscope/cancel', { uri });
  for (const answer of await Promise.all(answers))
    assert.deepEqual(answer, { ok: false, message: 'Cancelled.', stopped: true });
  await editor.reached(uri, 'predicted');
  editor.dispose();
});

test('a probe says what it will take before anything is trained, then has a page', async () => {
  const editor = await startEditor({ run: 'manual' });
  editor.open(uri, fakeModel({ first: 'bad' }));
  await editor.reached(uri, 'predicted');
  const ask = (method: string): Promise<InspectAnswer> => editor.connection.sendRequest(method, { uri });
  const page = (): Promise<string> => editor.connection.sendRequest('initscope/page', { uri, page: 'probe' });
  const cost = await ask('initscope/probeCost');
  assert.match(cost.message, /^48 trainings of 200 steps: about 12 s of one thread/);
  assert.match(await page(), /Nothing was trained yet/);
  assert.deepEqual(await ask('initscope/probe'), {
    ok: true,
    message: 'fake: as in the file trains fastest.',
  });
  assert.match(await page(), /^# Initscope: short trainings[\s\S]*as in the file/);
  editor.dispose();
});

test('a file without a model is refused in one line', async () => {
  const editor = await startEditor({ run: 'manual' });
  editor.open(uri, '{"a": 1}');
  await editor.reached(uri, 'nothing');
  const answer = await editor.connection.sendRequest<InspectAnswer>('initscope/compare', { uri });
  assert.deepEqual(answer, { ok: false, message: 'No model was found in this file.' });
  editor.dispose();
});

test('a scan takes the widths it is asked for, and its result stays with the file until it is cleared', async () => {
  const editor = await startEditor({ run: 'manual' });
  editor.open(uri, fakeModel({ first: 'bad' }));
  await editor.reached(uri, 'predicted');
  const scan = { factors: [1, 2], parameter: ['hidden'] };
  const ask = (method: string): Promise<InspectAnswer> =>
    editor.connection.sendRequest(method, { uri, scan });
  const result = (): Promise<StudyAnswer | null> =>
    editor.connection.sendRequest('initscope/studyResult', { uri, study: 'scan' });
  assert.match((await ask('initscope/scanCost')).message, /^\d+ widths, \d+ seeds and \d+ steps each: about/);
  assert.equal(await result(), null);
  const answer = await ask('initscope/scan');
  assert.deepEqual(answer, {
    ok: true,
    message: 'fake: not flat: 2 of 3 updates grow with the width (last as width^1)',
  });
  const found = await result();
  assert.ok(found !== null && !found.stale);
  assert.equal((decodeWire(found.text) as ScanSet).scans[0]?.parameter, 'hidden');
  editor.edit(uri, fakeModel({ first: 'fine' }));
  assert.equal((await result())?.stale, true);
  await editor.connection.sendRequest('initscope/clear', {});
  assert.equal(await result(), null);
  editor.dispose();
});
