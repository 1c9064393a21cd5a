import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { notified } from './support/dialogs.ts';
import {
  api,
  cleanUp,
  eventually,
  fakeModel,
  fakeServer,
  put,
  reached,
  setting,
  show,
} from './support/host.ts';

const BROKEN = fakeModel({ first: 'bad' }).slice(0, -7);

function inspect(uri: vscode.Uri): Thenable<string> {
  return vscode.commands.executeCommand<string>('initscope.inspectModel', uri);
}

/** Ends the server as a crash does; resolves when another has started. */
async function crash(): Promise<void> {
  const { serverPid } = await api();
  const before = serverPid();
  assert.ok(before);
  process.kill(before, 'SIGKILL');
  await eventually('another server', () => {
    const pid = serverPid();
    return pid !== undefined && pid !== before ? pid : undefined;
  });
}

suite('notifications (a stand-in measures)', () => {
  // A series of crashes ends with the server: each test begins with one of its own.
  setup(async () => (await api()).useServer(fakeServer));
  suiteTeardown(async () => (await api()).useServer(undefined));
  teardown(cleanUp);

  test('what nobody asked for fails without one: a corrupt file, a worker, the server', async () => {
    const told = await notified(async () => {
      const broken = await put('broken.json', BROKEN);
      await show(broken);
      await reached(broken, 'failed');
      const dying = await put('die.json', fakeModel({ first: 'bad' }, 'die'));
      await show(dying);
      await reached(dying, 'failed');
      const { app } = await api();
      app.statuses.clear();
      await crash();
      await reached(dying, 'failed');
    });
    assert.deepEqual(told, []);
  });

  test('Inspect Model on a corrupt file, asked twice at once while a worker and another file fail, is told in one line', async () => {
    const broken = await put('broken.json', BROKEN);
    const dying = await put('die.json', fakeModel({ first: 'bad' }, 'die'));
    await show(broken);
    await reached(broken, 'failed');
    const told = await notified(async () => {
      await show(dying);
      await Promise.all([inspect(broken), inspect(broken), reached(dying, 'failed')]);
    });
    // VS Code shows equal notifications once.
    assert.equal(new Set(told).size, 1, told.join('\n'));
    assert.match(told[0] ?? '', /^Initscope: broken\.json: /);
  });

  test('a worker that dies of what was asked is told once, beside its status', async () => {
    const uri = await put('die.json', fakeModel({ first: 'bad' }, 'die'));
    await show(uri);
    await reached(uri, 'failed');
    assert.deepEqual(await notified(() => inspect(uri)), [
      'Initscope: die.json: The worker ended in the middle of a measurement (exit code 1).',
    ]);
    await reached(uri, 'failed');
  });

  test('a server that crashes of what was asked is told once, in words, and another starts', async () => {
    await setting('initscope.run', 'manual');
    await (await api()).useServer(fakeServer);
    const uri = await put('crash.json', fakeModel({ first: 'bad' }, 'crash'));
    await show(uri);
    const { app, serverPid } = await api();
    await reached(uri, 'predicted');
    const before = serverPid();
    const told = await notified(async () => {
      app.statuses.clear();
      await inspect(uri);
      await eventually('another server', () => (serverPid() === before ? undefined : serverPid()));
      await reached(uri, 'predicted');
    });
    assert.deepEqual(told, ['Initscope: The server ended before it answered. The log says more.']);
  });
});
