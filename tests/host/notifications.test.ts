import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { notified } from './support/dialogs.ts';
import {
  actionOf,
  api,
  cleanUp,
  eventually,
  fakeModel,
  fakeServer,
  harmless,
  ours,
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
    const { document } = await show(uri);
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
    await harmless(document, 'crash');
  });

  test('a file in whose measurement the server ends again and again is left alone until it is edited; others have their findings', async () => {
    const healthy = await put('healthy.json', fakeModel({ first: 'bad' }));
    const uri = await put('crash.json', fakeModel({ first: 'bad' }, 'crash'));
    await show(healthy);
    const { document } = await show(uri);
    const { detail } = await reached(uri, 'failed');
    assert.match(detail, /left alone/);
    await reached(healthy, 'verdict');
    await show(healthy);
    await eventually('the finding is back', () => (ours(healthy).length === 1 ? true : undefined));
    await harmless(document, 'crash');
    await reached(uri, 'verdict');
  });

  test('after a series of crashes, Restart Server and a changed setting bring the findings back', async function () {
    // The same in both; five starts of a server take their time.
    if (!vscode.workspace.isTrusted) this.skip();
    const uri = await put('healthy.json', fakeModel({ first: 'bad' }));
    await show(uri);
    await reached(uri, 'verdict');
    const { app } = await api();
    const again = [
      () => vscode.commands.executeCommand('initscope.restartServer'),
      () => setting('initscope.budget.seconds', 19),
    ];
    for (const start of again) {
      for (let ends = 0; ends < 4; ends++) await crash();
      process.kill((await api()).serverPid() ?? 0, 'SIGKILL');
      await eventually('no server', () => (app.server.running === undefined ? true : undefined));
      const told = await notified(() => inspect(uri));
      assert.equal(told.length, 1);
      assert.match(told[0] ?? '', /ended 5 times .* Restart Server starts it/);
      await start();
      await reached(uri, 'verdict');
      await eventually('the finding is back', () => (ours(uri).length === 1 ? true : undefined));
    }
  });

  test('Restart Server replaces one that hangs, without a word', async function () {
    if (!vscode.workspace.isTrusted || process.platform === 'win32') this.skip();
    const uri = await put('healthy.json', fakeModel({ first: 'bad' }));
    await show(uri);
    await reached(uri, 'verdict');
    const { serverPid } = await api();
    process.kill(serverPid() ?? 0, 'SIGSTOP');
    const told = await notified(async () => {
      await vscode.commands.executeCommand('initscope.restartServer');
      await reached(uri, 'verdict');
      await eventually('the finding is back', () => (ours(uri).length === 1 ? true : undefined));
    });
    assert.deepEqual(told, []);
  });

  test('a program that ends or hangs before it answers is given up for the next one, without a word', async function () {
    if (!vscode.workspace.isTrusted) this.skip();
    const { useServer, app } = await api();
    const uri = await put('healthy.json', fakeModel({ first: 'bad' }));
    await show(uri);
    const told = await notified(async () => {
      await assert.rejects(useServer((await put('ends.cjs', 'process.exit(1);')).fsPath));
      await eventually('no more tries', () =>
        app.client().then(
          () => undefined,
          ({ message }: Error) => /ended 5 times/.test(message) || undefined,
        ),
      );
      const hung = useServer((await put('hangs.cjs', 'setInterval(() => {}, 1000);')).fsPath);
      await Promise.all([useServer(fakeServer), hung.catch(() => {})]);
      await reached(uri, 'verdict');
      await eventually('the finding is back', () => (ours(uri).length === 1 ? true : undefined));
    });
    assert.deepEqual(told, []);
  });

  test('restarted while it starts there is one server, and nothing is found twice', async () => {
    const uri = await put('healthy.json', fakeModel({ first: 'bad' }));
    await show(uri);
    const restart = (): Thenable<unknown> => vscode.commands.executeCommand('initscope.restartServer');
    let most = 0;
    const listener = vscode.languages.onDidChangeDiagnostics(() => {
      most = Math.max(most, ours(uri).length);
    });
    assert.deepEqual(await notified(() => Promise.all([restart(), restart(), restart()])), []);
    await reached(uri, 'verdict');
    await actionOf(uri, /^Repair:/);
    listener.dispose();
    assert.equal(most, 1);
  });
});
