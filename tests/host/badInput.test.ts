import assert from 'node:assert/strict';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { notified } from './support/dialogs.ts';
import {
  api,
  bytesOf,
  cleanUp,
  closeAll,
  eventually,
  fakeModel,
  fakeServer,
  inWorkspace,
  ours,
  put,
  reached,
  release,
  repair,
  setting,
  show,
  undoAndSave,
} from './support/host.ts';

function utf16(text: string): Buffer {
  return Buffer.from(`\ufeff${text}`, 'utf16le');
}

async function inFolder(name: string, make: (path: string) => Promise<void>): Promise<() => Promise<void>> {
  const { fsPath } = inWorkspace(name);
  await mkdir(fsPath, { recursive: true });
  await make(fsPath);
  return () => rm(fsPath, { recursive: true, force: true });
}

suite('bad input (a stand-in measures)', () => {
  const errors: string[] = [];
  let restore = (): void => {};

  suiteSetup(async () => {
    const { app, useServer } = await api();
    await useServer(fakeServer);
    const { log } = app;
    const { error } = log;
    log.error = (message: string | Error): void => {
      errors.push(String(message));
      error.call(log, message);
    };
    restore = () => {
      log.error = error;
    };
  });
  suiteTeardown(async () => {
    restore();
    await (await api()).useServer(undefined);
  });
  setup(() => {
    errors.length = 0;
  });
  teardown(cleanUp);

  test('a corrupt file is one diagnostic and nothing in the log', async () => {
    const uri = await put('broken.json', fakeModel({ first: 'bad' }).slice(0, -7));
    await show(uri);
    await reached(uri, 'failed');
    await eventually('one diagnostic', () => (ours(uri).length === 1 ? true : undefined));
    assert.deepEqual(errors, []);
  });

  test('UTF-16 keeps its bytes through a fix and an undo', async () => {
    const uri = await put('wide.json', utf16(fakeModel({ first: 'bad' })));
    const before = await bytesOf(uri);
    const { document } = await show(uri);
    await reached(uri, 'verdict');
    const finding = await eventually('a finding', () => ours(uri)[0]);
    assert.equal(document.getText(finding.range), '"bad"');
    await repair(uri);
    assert.match(document.getText(), /"good"/);
    assert.ok(await document.save());
    assert.deepEqual(await bytesOf(uri), utf16(fakeModel({ first: 'good' })));
    await undoAndSave(document);
    assert.deepEqual(await bytesOf(uri), before);
  });

  test('names with spaces, % and # are found, silenced and scanned like others', async () => {
    const remove = await inFolder('a #1 folder', (path) =>
      writeFile(join(path, 'my 100% model #2.json'), fakeModel({ first: 'bad' })),
    );
    const uri = inWorkspace('a #1 folder', 'my 100% model #2.json');
    await show(uri);
    await reached(uri, 'verdict');
    await eventually('a finding', () => ours(uri)[0]);
    const opened = await vscode.commands.executeCommand<string>('initscope.openFormattedModel', uri);
    const formatted = vscode.Uri.parse(opened);
    await eventually('a finding in the formatted document', () => ours(formatted)[0]);
    const page = await vscode.commands.executeCommand<string>('initscope.whyNothing', uri);
    const text = (await vscode.workspace.openTextDocument(vscode.Uri.parse(page))).getText();
    assert.match(text, /my 100% model \\#2\.json/);
    await closeAll();
    await remove();
  });

  test('a file that is deleted while it is measured leaves nothing behind', async () => {
    const uri = await put('deleted.json', fakeModel({ first: 'bad' }, 'held'));
    const inspection = vscode.commands.executeCommand<string>('initscope.inspectModel', uri);
    await reached(uri, 'measuring');
    await rm(uri.fsPath);
    await release(uri);
    await inspection;
    await eventually('nothing is shown', () => (ours(uri).length === 0 ? true : undefined));
    assert.deepEqual(errors, []);
  });

  test('a text above the size limit is left alone until a person asks, and then opens its report', async () => {
    await setting('initscope.maxFileSize.megabytes', 1);
    const uri = await put(
      'large.json',
      `${fakeModel({ first: 'bad' })}\n${`${' '.repeat(200)}\n`.repeat(6000)}`,
    );
    await show(uri);
    const { detail } = await reached(uri, 'failed');
    assert.match(detail, /files above 1 MB are not read by themselves .*Inspect Model reads it/);
    assert.deepEqual(ours(uri), []);
    await vscode.commands.executeCommand('initscope.inspectModel');
    await reached(uri, 'verdict');
    const isReport = ({ input }: vscode.Tab): boolean =>
      input instanceof vscode.TabInputWebview && input.viewType.endsWith('initscope.report');
    await eventually('the report', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(isReport),
    );
  });

  test('a circle of links ends, and what lies in it is found once', async () => {
    const remove = await inFolder('circle', async (path) => {
      await writeFile(join(path, 'linked.json'), fakeModel({ first: 'bad' }));
      await symlink(path, join(path, 'again'), 'dir');
      await symlink(join(path, 'nowhere.json'), join(path, 'dangling.json'));
    });
    const summary = await vscode.commands.executeCommand<string>('initscope.inspectWorkspace');
    assert.match(summary, /^\d+ models: /);
    const found = await eventually('its findings', () => {
      const all = ours(inWorkspace('circle', 'linked.json'));
      return all.length > 0 ? all : undefined;
    });
    assert.equal(found.length, 1);
    const twice = vscode.languages.getDiagnostics().filter(([{ path }]) => /circle\/again/.test(path));
    assert.deepEqual(twice, []);
    await vscode.commands.executeCommand('initscope.clearResults');
    await remove();
  });

  test('ten thousand JSON files that are no models cost seconds and show nothing', async () => {
    const remove = await inFolder('data', async (path) => {
      for (let from = 0; from < 10_000; from += 500)
        await Promise.all(
          Array.from({ length: 500 }, (_, at) =>
            writeFile(join(path, `${from + at}.json`), JSON.stringify({ name: at, values: [1, 2, 3] })),
          ),
        );
    });
    try {
      const summary = await vscode.commands.executeCommand<string>('initscope.inspectWorkspace');
      assert.match(summary, /^\d+ models: /);
      const shown = vscode.languages
        .getDiagnostics()
        .filter(([{ path }, all]) => /\/data\//.test(path) && all.length > 0);
      assert.deepEqual(shown, []);
      assert.deepEqual(errors, []);
    } finally {
      await vscode.commands.executeCommand('initscope.clearResults');
      await remove();
    }
  });
});

suite('bad settings', () => {
  teardown(cleanUp);

  test('an initscope.json of wrong types is one diagnostic at its place, and counts as none until it is right', async () => {
    await (await api()).useServer(undefined);
    const config = await put('initscope.json', '{\n  "rules": { "dead-relu": { "severity": 5 } }\n}\n');
    const uri = inWorkspace('healthy-cnn.json');
    await show(uri);
    await reached(uri, 'verdict');
    const [problem] = await eventually('one problem', () =>
      ours(config).length === 1 ? ours(config) : undefined,
    );
    assert.equal(problem?.range.start.line, 1);
    assert.match(problem.message, /severity/);
    await put('initscope.json', '{ "rules": { "dead-relu": { "severity": "hint" } } }\n');
    await eventually('it is withdrawn', () => (ours(config).length === 0 ? true : undefined));
  });

  test('settings of wrong types fall back, are named once each, and do no harm', async () => {
    const told = await notified(async (soFar) => {
      await setting('initscope.run', 5);
      await setting('initscope.budget.seconds', 'many');
      const uri = inWorkspace('zero-mlp.json');
      await show(uri);
      await reached(uri, 'verdict');
      await eventually('its findings', () => ours(uri)[0]);
      await eventually('both are named', () => (/budget/.test(soFar.join()) ? true : undefined));
      await vscode.commands.executeCommand('initscope.restartServer');
      await reached(uri, 'verdict');
    });
    for (const key of ['initscope.run is 5', 'initscope.budget.seconds is "many"'])
      assert.equal(told.join().split(key).length, 2, told.join());
  });
});
