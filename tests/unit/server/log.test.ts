import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '../../../src/model/problem.ts';
import { startEditor } from './harness.ts';

const uri = 'file:///work/model.json';
const LEVEL = { 1: 'error', 2: 'warn', 3: 'info', 5: 'debug' } as const;

/** What the log says when the file cannot be had for this reason, and what the person who asked is told. */
async function failing(reason: Error) {
  const refuse = () => Promise.reject(reason);
  const editor = await startEditor(
    {},
    { files: { size: refuse, read: refuse, beside: () => undefined, exists: refuse } },
  );
  const lines: [string, string][] = [];
  editor.connection.onNotification(
    'window/logMessage',
    ({ type, message }: { type: keyof typeof LEVEL; message: string }) =>
      void lines.push([LEVEL[type], message]),
  );
  const { message } = await editor.connection.sendRequest<{ message: string }>('initscope/inspect', { uri });
  const { detail, help } = await editor.reached(uri, 'failed');
  editor.dispose();
  return { lines, message, detail, help };
}

test('bad input is one line in the log, with all that is known of it, and no trace of our code', async () => {
  const { lines, message, detail, help } = await failing(
    new InputError({ message: 'The file is gone.', found: 'nothing', hint: 'open it again' }),
  );
  assert.deepEqual(lines, [
    ['warn', '/work/model.json: error: The file is gone; found nothing; open it again'],
  ]);
  assert.deepEqual(
    [message, detail, help],
    ['The file is gone.', 'The file is gone.', 'Found: nothing.\nopen it again'],
  );
});

test('a fault of ours is one line, and where it happened only for who looks for it', async () => {
  const { lines, message } = await failing(new Error('no such thing'));
  assert.deepEqual(lines[0], ['error', '/work/model.json: error: no such thing']);
  assert.equal(lines.length, 2);
  assert.equal(lines[1]?.[0], 'debug');
  assert.match(lines[1]?.[1] ?? '', /^Error: no such thing\n {4}at /);
  assert.equal(message, 'no such thing');
});
