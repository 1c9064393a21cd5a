import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineHost } from '../../../src/server/engineHost.ts';
import { fakeInspector } from '../../support/fakeInspector.ts';
import { fakeModel, startEditor } from './harness.ts';

const uri = 'file:///work/model.json';

test('onType: what is typed is measured after a pause, unsaved, and only as it stands at last', async () => {
  const editor = await startEditor({ run: 'onType', typingDelay: 300 });
  editor.open(uri, fakeModel({ first: 'fine' }));
  await editor.reached(uri, 'verdict');
  const before = editor.calls.measures;
  for (const init of ['b', 'ba', 'bad']) editor.edit(uri, fakeModel({ first: init }));
  await editor.reached(uri, 'verdict');
  assert.equal((await editor.pull(uri)).items?.length, 1);
  assert.equal(editor.calls.measures, before + 1);
  editor.dispose();
});

test('the engine ends when nothing used it for the minutes that are set, and is opened anew', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let opened = 0;
  let ended = 0;
  const dispose = (): Promise<void> => {
    ended++;
    return Promise.resolve();
  };
  const host = new EngineHost(() => {
    opened++;
    return { inspector: fakeInspector(), dispose };
  });
  const choice = { backend: 'auto', workers: 0, trusted: true } as const;
  host.use(choice);
  host.endWhenIdle(5);
  t.mock.timers.tick(4 * 60_000);
  host.use(choice);
  host.endWhenIdle(5);
  t.mock.timers.tick(4 * 60_000);
  assert.deepEqual([opened, ended], [1, 0], 'use postpones the end');
  t.mock.timers.tick(60_000);
  assert.deepEqual([opened, ended], [1, 1]);
  host.use(choice);
  assert.deepEqual([opened, ended], [2, 1]);
});
