import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { applied, fakeModel, startEditor, until } from './harness.ts';

const uri = 'file:///work/model.json';

test('a measured finding stands on its initializer and its fix removes it', async () => {
  const editor = await startEditor();
  const text = fakeModel({ first: 'bad', second: 'fine' });
  editor.open(uri, text);
  await editor.reached(uri, 'verdict');
  const { items = [] } = await editor.pull(uri);
  assert.equal(items.length, 1);
  const [finding] = items;
  assert.ok(finding);
  const document = TextDocument.create(uri, 'json', 1, text);
  assert.equal(document.getText(finding.range), '"bad"');
  assert.equal(finding.code, 'vanishing-gradient');
  assert.equal(finding.codeDescription?.href, 'initscope-rule:/vanishing-gradient.md');
  assert.match(String(finding.message), /1\/1000.*healthy ≥ 1\/100/);
  const [repair] = await editor.actions(uri, finding, ['quickfix']);
  assert.ok(repair?.isPreferred);
  assert.match(repair.title, /gradient 0\.001 → 0\.9/);
  const repaired = applied(text, repair.edit);
  assert.equal(repaired, text.replace('"bad"', '"good"'));
  editor.edit(uri, repaired);
  editor.save(uri);
  await editor.reached(uri, 'verdict');
  assert.deepEqual((await editor.pull(uri)).items, []);
  editor.dispose();
});

test('an edit cancels the measurement and marks what is shown as stale at its new place', async () => {
  const editor = await startEditor();
  const text = fakeModel({ first: 'bad' });
  editor.open(uri, text);
  await editor.reached(uri, 'verdict');
  const moved = `\n\n${text}`;
  editor.edit(uri, moved);
  await editor.reached(uri, 'stale');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { items = [] } = await editor.pull(uri);
  assert.equal(items.length, 1);
  assert.equal(TextDocument.create(uri, 'json', 1, moved).getText(items[0]?.range), '"bad"');
  assert.match(String(items[0]?.message), /Stale/);
  const [none] = await editor.actions(uri, items[0]!, ['quickfix']);
  assert.match(none?.title ?? '', /^No repair: .*save it to measure again/);
  assert.equal(none?.command?.command, 'initscope.openReport');
  assert.equal(editor.calls.measures, 1);
  editor.dispose();
});

test('while a buffer does not parse the answer is unchanged; saved as it is, the error is shown', async () => {
  const editor = await startEditor();
  const text = fakeModel({ first: 'bad' });
  editor.open(uri, text);
  await editor.reached(uri, 'verdict');
  const { resultId } = await editor.pull(uri);
  assert.ok(resultId);
  editor.edit(uri, text.slice(0, -3));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual(await editor.pull(uri, resultId), { kind: 'unchanged', resultId });
  editor.save(uri);
  await editor.reached(uri, 'failed');
  const { items = [] } = await editor.pull(uri, resultId);
  assert.equal(items.length, 1);
  assert.match(String(items[0]?.message), /no JSON/);
  editor.dispose();
});

test('typing during a measurement cancels it', async () => {
  const editor = await startEditor();
  const text = fakeModel({ first: 'bad' }, 'long');
  editor.open(uri, text);
  await editor.reached(uri, 'measuring');
  await until(() => editor.calls.measures === 1);
  editor.edit(uri, `${text} `);
  await until(() => editor.calls.cancelled === 1);
  await editor.reached(uri, 'predicted');
  assert.ok(!editor.statuses.some(({ state }) => state === 'verdict'));
  editor.dispose();
});

test('a worker that dies is one clear line and the next save recovers', async () => {
  const editor = await startEditor();
  editor.open(uri, fakeModel({ first: 'bad' }, 'die'));
  const failed = await editor.reached(uri, 'failed');
  assert.match(failed.detail, /^The worker ended/);
  assert.deepEqual((await editor.pull(uri)).items, []);
  editor.edit(uri, fakeModel({ first: 'bad' }));
  editor.save(uri);
  await editor.reached(uri, 'verdict');
  assert.equal((await editor.pull(uri)).items?.length, 1);
  editor.dispose();
});

test('a worker that hangs is given up after its time, and its engine is ended', async () => {
  let ended = 0;
  const { fakeInspector } = await import('../../support/fakeInspector.ts');
  const editor = await startEditor(
    {},
    {
      patienceMs: () => 300,
      openEngine: () => ({
        inspector: fakeInspector(),
        dispose: () => {
          ended++;
          return Promise.resolve();
        },
      }),
    },
  );
  editor.open(uri, fakeModel({ first: 'bad' }, 'hang'));
  const failed = await editor.reached(uri, 'failed');
  assert.match(failed.detail, /did not end within/);
  assert.ok(ended >= 1);
  editor.dispose();
});

test('many files opened at once are measured one after the other', async () => {
  let running = 0;
  let most = 0;
  const { fakeInspector } = await import('../../support/fakeInspector.ts');
  const inner = fakeInspector();
  const editor = await startEditor(
    {},
    {
      openEngine: () => ({
        inspector: {
          ...inner,
          inspect: async (request, signal) => {
            most = Math.max(most, ++running);
            return inner.inspect(request, signal).finally(() => running--);
          },
        },
        dispose: () => Promise.resolve(),
      }),
    },
  );
  const uris = Array.from({ length: 12 }, (_, at) => `file:///work/many${at}.json`);
  for (const one of uris) editor.open(one, fakeModel({ first: 'bad' }));
  await Promise.all(uris.map((one) => editor.reached(one, 'verdict')));
  assert.equal(most, 1);
  editor.dispose();
});

test('a pulled document is never pushed; an editor that cannot pull gets every result pushed once', async () => {
  const pulling = await startEditor();
  pulling.open(uri, fakeModel({ first: 'bad' }));
  await pulling.reached(uri, 'verdict');
  assert.equal(pulling.pushed.size, 0);
  pulling.dispose();
  const pushing = await startEditor({}, {}, false);
  pushing.open(uri, fakeModel({ first: 'bad' }));
  await pushing.reached(uri, 'verdict');
  await until(() => pushing.pushed.get(uri)?.length === 1);
  pushing.close(uri);
  await until(() => pushing.pushed.get(uri)?.length === 0);
  pushing.dispose();
});

test('source.fixAll gets nothing from us, source.initscope everything that was proven', async () => {
  const editor = await startEditor();
  const text = fakeModel({ first: 'bad', second: 'bad' });
  editor.open(uri, text);
  await editor.reached(uri, 'verdict');
  const [finding] = (await editor.pull(uri)).items ?? [];
  assert.ok(finding);
  assert.deepEqual(await editor.actions(uri, finding, ['source.fixAll']), []);
  const [all] = await editor.actions(uri, finding, ['source.initscope']);
  assert.equal(applied(text, all?.edit), text.replaceAll('"bad"', '"good"'));
  editor.dispose();
});

test('in manual mode nothing is measured until it is asked for', async () => {
  const editor = await startEditor({ run: 'manual' });
  editor.open(uri, fakeModel({ first: 'bad' }));
  await editor.reached(uri, 'predicted');
  editor.save(uri);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(editor.calls.measures, 0);
  const answer = await editor.connection.sendRequest('initscope/inspect', { uri });
  assert.deepEqual(answer, { ok: true, message: 'net: 1 layers start badly.' });
  editor.dispose();
});

test('a setting of the wrong type falls back and is named once with its key', async () => {
  const editor = await startEditor({ run: 'always', budget: { seconds: 'ten' } });
  const said: string[] = [];
  editor.connection.onNotification('initscope/settingProblem', ({ key }: { key: string }) => {
    said.push(key);
  });
  editor.open(uri, fakeModel({ first: 'bad' }));
  await editor.reached(uri, 'verdict');
  await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await until(() => said.length > 1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(said, ['initscope.run', 'initscope.budget.seconds']);
  editor.dispose();
});

test('a hover shows measured beside predicted', async () => {
  const editor = await startEditor();
  const text = fakeModel({ first: 'bad' });
  editor.open(uri, text);
  await editor.reached(uri, 'verdict');
  const position = TextDocument.create(uri, 'json', 1, text).positionAt(text.indexOf('"bad"') + 2);
  const hover = await editor.connection.sendRequest<{ contents: { value: string } }>('textDocument/hover', {
    textDocument: { uri },
    position,
  });
  assert.match(hover.contents.value, /\| rms before activation \| 0\.5 \[0\.4, 0\.6\] \| 0\.51 \| – \|/);
  editor.dispose();
});
