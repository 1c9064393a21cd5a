import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { EditorServer } from '../../bench/editorServer.ts';
import { inRepo } from '../../support/root.ts';

test('two windows on one storage measure the same file at once; one entry is kept, whole, and a third reads it', async () => {
  const storage = mkdtempSync(join(tmpdir(), 'initscope-windows-'));
  const text = readFileSync(inRepo('examples', 'zero-mlp.json'), 'utf8');
  const uri = 'file:///windows/zero-mlp.json';
  const env = { XDG_CACHE_HOME: storage, LOCALAPPDATA: storage, HOME: storage };
  const found = async (server: EditorServer): Promise<number> => {
    const done = server.reached(uri, 'verdict', 'failed');
    server.open(uri, text);
    await done;
    return server.pull(uri);
  };
  const entries = (): string[] =>
    readdirSync(storage, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(report|tmp)$/.test(name),
    );
  try {
    const windows = [await EditorServer.start({}, env), await EditorServer.start({}, env)];
    const [first, second] = await Promise.all(windows.map(found));
    assert.ok(first !== undefined && first > 0);
    assert.equal(second, first);
    for (const window of windows) await window.end();
    assert.equal(entries().length, 1, entries().join());
    const third = await EditorServer.start({}, env);
    assert.equal(await found(third), first);
    await third.end();
    assert.equal(entries().length, 1);
  } finally {
    rmSync(storage, { recursive: true, force: true });
  }
});
