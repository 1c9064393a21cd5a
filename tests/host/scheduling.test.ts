import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import {
  actionOf,
  api,
  bytesOf,
  cleanUp,
  closeAll,
  eventually,
  fakeModel,
  fakeServer,
  harmless,
  inWorkspace,
  ours,
  pause,
  put,
  reached,
  release,
  repair,
  setting,
  show,
  undoAndSave,
} from './support/host.ts';

suite('around the inspector (a stand-in measures)', () => {
  suiteSetup(async () => {
    const files = vscode.workspace.getConfiguration('files');
    await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
    await (await api()).useServer(fakeServer);
  });
  suiteTeardown(async () => (await api()).useServer(undefined));
  teardown(cleanUp);

  test('the ranges are right in pretty and in minified JSON', async () => {
    for (const [name, indent] of [
      ['pretty.json', 2],
      ['minified.json', 0],
    ] as const) {
      const uri = await put(name, fakeModel({ first: 'fine', second: 'bad' }, 'net', indent));
      const { document } = await show(uri);
      await reached(uri, 'verdict');
      const [finding] = await eventually('one finding', () =>
        ours(uri).length === 1 ? ours(uri) : undefined,
      );
      assert.ok(finding);
      assert.equal(document.getText(finding.range), '"bad"');
    }
  });

  test('a fix makes the finding go away, and one undo restores every byte', async () => {
    const uri = await put(
      'fix me.json',
      `\ufeff${fakeModel({ first: 'bad', second: 'bad' }).replaceAll('\n', '\r\n')}`,
    );
    const before = await bytesOf(uri);
    const editor = await show(uri);
    await reached(uri, 'verdict');
    await eventually('two findings', () => (ours(uri).length === 2 ? ours(uri) : undefined));
    await repair(uri, /^Repair everything/);
    assert.ok(!editor.document.getText().includes('"bad"'));
    await editor.document.save();
    await eventually('no finding is left', () => (ours(uri).length === 0 ? true : undefined));
    await undoAndSave(editor.document);
    assert.deepEqual(await bytesOf(uri), before);
    await eventually('the findings are back', () => (ours(uri).length === 2 ? true : undefined));
  });

  test('typing during a measurement cancels it, and results are marked stale', async () => {
    const uri = await put('held.json', fakeModel({ first: 'bad' }, 'held'));
    await release(uri);
    const editor = await show(uri);
    await reached(uri, 'verdict');
    await eventually('one finding', () => (ours(uri).length === 1 ? true : undefined));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n'));
    await reached(uri, 'stale');
    const stale = await eventually('marked stale', () =>
      ours(uri).find(({ message }) => message.includes('Stale')),
    );
    assert.equal(editor.document.getText(stale.range), '"bad"');
    await rm(`${uri.fsPath}.go`);
    await editor.document.save();
    await reached(uri, 'measuring');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n'));
    await reached(uri, 'stale');
    await release(uri);
    await pause(1000);
    const { app } = await api();
    assert.equal(app.statuses.get(uri.toString())?.state, 'stale', 'what was cancelled says nothing');
  });

  test('a worker that dies in the middle is one clear status; the next save recovers', async () => {
    const uri = await put('die.json', fakeModel({ first: 'bad' }, 'die'));
    const editor = await show(uri);
    const failed = await reached(uri, 'failed');
    assert.match(failed.detail, /^The worker ended/);
    assert.equal(ours(uri).length, 0);
    const text = editor.document.getText();
    const at = editor.document.positionAt(text.indexOf('"die"'));
    await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 5)), '"net"'));
    await editor.document.save();
    await reached(uri, 'verdict');
    await eventually('one finding', () => (ours(uri).length === 1 ? true : undefined));
  });

  test('a worker that hangs is given up', async () => {
    const uri = await put('hang.json', fakeModel({ first: 'bad' }, 'hang'));
    const { document } = await show(uri);
    const failed = await reached(uri, 'failed');
    assert.match(failed.detail, /did not end within/);
    await harmless(document, 'hang');
  });

  test('a server that crashes is started again and results return', async () => {
    const { serverPid } = await api();
    const healthy = await put('healthy.json', fakeModel({ first: 'bad' }));
    await show(healthy);
    await reached(healthy, 'verdict');
    const before = serverPid();
    assert.ok(before);
    process.kill(before, 'SIGKILL');
    await eventually('another server', () => {
      const pid = serverPid();
      return pid !== undefined && pid !== before ? pid : undefined;
    });
    await eventually('the finding is back', () => (ours(healthy).length === 1 ? true : undefined));
    await actionOf(healthy, /^Repair:/);
  });

  test('a corrupt file has one diagnostic', async () => {
    const uri = await put('corrupt.json', fakeModel({ first: 'bad' }).slice(0, -4));
    await show(uri);
    await reached(uri, 'failed');
    await eventually('one diagnostic', () => (ours(uri).length === 1 ? true : undefined));
    await pause(500);
    assert.equal(ours(uri).length, 1);
  });

  test('while a buffer does not parse, nothing flickers', async () => {
    const uri = await put('typing.json', fakeModel({ first: 'bad' }));
    const editor = await show(uri);
    await eventually('one finding', () => (ours(uri).length === 1 ? true : undefined));
    const end = editor.document.positionAt(editor.document.getText().length);
    await editor.edit((edit) => edit.insert(end, '{'));
    for (let look = 0; look < 40; look++) {
      await pause(20);
      const [finding, ...more] = ours(uri);
      assert.match(JSON.stringify(finding?.code), /vanishing-gradient/);
      assert.deepEqual(more, []);
    }
  });

  test('a changed configuration acts without a reload', async () => {
    const uri = await put('config.json', fakeModel({ first: 'bad' }));
    await show(uri);
    await eventually('one finding', () => (ours(uri).length === 1 ? true : undefined));
    await setting('initscope.diagnostics.enable', false);
    await eventually('nothing is underlined', () => (ours(uri).length === 0 ? true : undefined));
    await setting('initscope.diagnostics.enable', undefined);
    await eventually('underlined again', () => (ours(uri).length === 1 ? true : undefined));
  });

  test('a scan pushes findings, and gives a file over when its document opens: never twice', async () => {
    const uri = await put('scan #1 50%.json', fakeModel({ first: 'bad' }));
    const summary = await vscode.commands.executeCommand<string>('initscope.inspectWorkspace');
    assert.match(summary, /models: \d+ errors, \d+ warnings/);
    await eventually('pushed', () => (ours(uri).length === 1 ? true : undefined));
    let most = 0;
    const listener = vscode.languages.onDidChangeDiagnostics(() => {
      most = Math.max(most, ours(uri).length);
    });
    await show(uri);
    await reached(uri, 'verdict');
    await actionOf(uri, /^Repair:/);
    listener.dispose();
    assert.equal(most, 1, 'never twice');
    assert.equal(ours(uri).length, 1);
    await closeAll();
    await vscode.commands.executeCommand('initscope.clearResults');
    await eventually('cleared', () => (ours(uri).length === 0 ? true : undefined));
  });

  test('saving with every source.fixAll setting on changes nothing', async () => {
    for (const when of ['explicit', 'always', true]) {
      const kinds = ['source.fixAll', 'source.fixAll.initscope', 'source.fixAll.json'];
      await setting('editor.codeActionsOnSave', Object.fromEntries(kinds.map((kind) => [kind, when])));
      const uri = await put(`onsave ${String(when)}.json`, fakeModel({ first: 'bad' }));
      const editor = await show(uri);
      await actionOf(uri, /^Repair:/);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), ' '));
      await reached(uri, 'stale');
      assert.ok(await editor.document.save());
      await reached(uri, 'verdict');
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), ' '));
      assert.ok(await editor.document.save());
      const kept = `  ${fakeModel({ first: 'bad' })}`;
      assert.equal(editor.document.getText(), kept);
      assert.equal((await bytesOf(uri)).toString('utf8'), kept);
    }
  });

  test('a line too long to be shown is opened formatted, and fixed from there', async () => {
    const inits = Object.fromEntries(
      Array.from({ length: 500 }, (_, at) => [`layer${at}`, at === 400 ? 'bad' : 'fine']),
    );
    const uri = await put('long.json', fakeModel(inits, 'net', 0));
    await show(uri);
    await eventually('two diagnostics', () => (ours(uri).length === 2 ? true : undefined));
    assert.ok(ours(uri).some(({ range, code }) => code === 'long-line' && range.start.character === 0));
    const opened = await vscode.commands.executeCommand<string>('initscope.openFormattedModel', uri);
    assert.match(opened, /^initscope-formatted:/);
    const formatted = await eventually('formatted document', () =>
      vscode.workspace.textDocuments.find(({ uri: one }) => one.toString() === opened),
    );
    assert.equal(formatted.languageId, 'json');
    const [there] = await eventually('a finding there', () => {
      const found = ours(formatted.uri);
      return found.length === 1 ? found : undefined;
    });
    assert.equal(formatted.getText(there!.range), '"bad"');
    await repair(formatted.uri);
    const real = await vscode.workspace.openTextDocument(uri);
    assert.ok(real.getText().includes('"layer400","init":"good"'), 'the real file is edited');
  });

  test('silencing writes initscope.json with the reason', async () => {
    const uri = await put('silence.json', fakeModel({ first: 'bad' }));
    await show(uri);
    const target = { uri: uri.toString(), rule: 'vanishing-gradient', layer: 'first' };
    await vscode.commands.executeCommand('initscope.silenceFinding', target, 'it is a test');
    const config = inWorkspace('initscope.json');
    const written: unknown = JSON.parse((await bytesOf(config)).toString('utf8'));
    assert.deepEqual((written as { ignore: unknown[] }).ignore.at(-1), {
      rule: 'vanishing-gradient',
      layer: 'first',
      file: 'silence.json',
      reason: 'it is a test',
    });
  });

  test('a document becomes a model while it is typed', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'json', content: '{}' });
    const editor = await vscode.window.showTextDocument(document);
    const text = fakeModel({ first: 'bad' });
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, 0, 2), text));
    await eventually('one finding', () => (ours(document.uri).length === 1 ? true : undefined));
    assert.equal(document.getText(ours(document.uri)[0]?.range), '"bad"');
  });
});
