import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Inspector } from '../../../src/inspect/inspector.ts';
import type { Files } from '../../../src/model/measurer.ts';
import type { OpenEngine } from '../../../src/server/parts.ts';
import { fakeInspector } from '../../support/fakeInspector.ts';
import { fakeModel, startEditor, type Editor } from './harness.ts';

const uri = 'file:///work/model.json';
const CREATED = 1;
const CHANGED = 2;

async function withDisk(
  act: (editor: Editor, write: (text: string) => void) => Promise<void>,
): Promise<void> {
  let text = fakeModel({ first: 'bad' });
  let stamp = 1;
  const bytes = (): Uint8Array => new TextEncoder().encode(text);
  const files: Files = {
    size: () => Promise.resolve(bytes().length),
    read: () => Promise.resolve(bytes()),
    beside: () => undefined,
    exists: () => Promise.resolve(true),
  };
  const editor = await startEditor({}, { files, stampOf: () => Promise.resolve(String(stamp)) });
  await act(editor, (written) => {
    text = written;
    stamp++;
  });
  editor.dispose();
}

const told = (editor: Editor, type: number): Promise<void> =>
  editor.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type }] });

test('news of a file that come after it was measured as it is do not make its results unknown', async () => {
  await withDisk(async (editor) => {
    const asked = editor.connection.sendRequest('initscope/inspect', { uri });
    await told(editor, CREATED);
    await asked;
    await told(editor, CREATED);
    await told(editor, CHANGED);
    const { reason } = await editor.connection.sendRequest<{ reason: string }>('initscope/fixAll', { uri });
    assert.match(reason, /copy the fix instead/, 'its proven repairs are still known');
    assert.equal(editor.calls.measures, 1);
  });
});

test('a file that was written by someone else is measured again when it had been measured', async () => {
  await withDisk(async (editor, write) => {
    await editor.connection.sendRequest('initscope/inspect', { uri });
    write(fakeModel({ first: 'fine' }));
    editor.statuses.length = 0;
    await told(editor, CHANGED);
    await editor.reached(uri, 'verdict');
    assert.equal(editor.calls.measures, 2);
  });
});

test('an open file that was written by someone else is measured again once the editor shows it', async () => {
  await withDisk(async (editor, write) => {
    editor.open(uri, fakeModel({ first: 'bad' }));
    await editor.reached(uri, 'verdict');
    const written = fakeModel({ first: 'fine' });
    write(written);
    await told(editor, CHANGED);
    editor.edit(uri, written);
    await editor.reached(uri, 'verdict');
    assert.equal(editor.calls.measures, 2);
  });
});

test('news of a file that come after the editor shows it measure it as well', async () => {
  await withDisk(async (editor, write) => {
    editor.open(uri, fakeModel({ first: 'bad' }));
    await editor.reached(uri, 'verdict');
    const written = fakeModel({ first: 'fine' });
    write(written);
    editor.edit(uri, written);
    await editor.reached(uri, 'stale');
    await told(editor, CHANGED);
    await editor.reached(uri, 'verdict');
    assert.equal(editor.calls.measures, 2);
  });
});

test('an open file with changes of its own is not measured when its file changes', async () => {
  await withDisk(async (editor, write) => {
    editor.open(uri, fakeModel({ first: 'bad' }));
    await editor.reached(uri, 'verdict');
    editor.edit(uri, fakeModel({ first: 'bad', second: 'bad' }));
    write(fakeModel({ first: 'fine' }));
    await told(editor, CHANGED);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await editor.reached(uri, 'stale');
    assert.equal(editor.calls.measures, 1);
  });
});

test('a reading from disk that was under way when the document was opened does not overtake the reading of the document', async () => {
  const gate = (): { readonly passed: Promise<void>; open: () => void } => {
    let open = (): void => {};
    const passed = new Promise<void>((resolve) => (open = resolve));
    return { passed, open };
  };
  const [stampAsked, stampKnown, readBegun, readMayEnd] = [gate(), gate(), gate(), gate()];
  const inspector = fakeInspector();
  const slow: Inspector = {
    ...inspector,
    readStatic: async (...asked) => {
      readBegun.open();
      await readMayEnd.passed;
      return inspector.readStatic(...asked);
    },
  };
  const stampOf = async (): Promise<string> => {
    stampAsked.open();
    await stampKnown.passed;
    return '1';
  };
  const openEngine = (): OpenEngine => ({ inspector: slow, dispose: () => Promise.resolve() });
  const editor = await startEditor({}, { stampOf, openEngine });
  const asked = editor.connection.sendRequest('initscope/inspect', { uri });
  await stampAsked.passed;
  editor.open(uri, fakeModel({ first: 'bad' }));
  await readBegun.passed;
  stampKnown.open();
  await new Promise((resolve) => setImmediate(resolve));
  readMayEnd.open();
  await asked;
  await editor.reached(uri, 'verdict');
  editor.dispose();
});
