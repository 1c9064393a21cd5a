import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import * as vscode from 'vscode';
import { installFolder } from '../../src/extension/nativeFolder.ts';
import { answering, cancellingAt } from './support/dialogs.ts';
import { api, cleanUp, eventually, inWorkspace, show } from './support/host.ts';

/** A stand-in for npm that installs a backend of one line, so that no test downloads TensorFlow. */
const WORKS = `mkdir -p node_modules/@tensorflow/tfjs-node
echo 'exports.zeros = () => ({ dataSync() {} });' > node_modules/@tensorflow/tfjs-node/index.js`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

suite('Install Native Backend (a stand-in for npm)', () => {
  const { PATH: path } = process.env;
  let folder = '';
  let outcome = '';

  const run = async (): Promise<void> => {
    outcome = await vscode.commands.executeCommand<string>('initscope.installNativeBackend');
  };
  const npmThat = async (install: string): Promise<void> => {
    const bin = inWorkspace('npm-stand-in').fsPath;
    await mkdir(bin, { recursive: true });
    const npm = join(bin, 'npm');
    await writeFile(npm, `#!/bin/sh\n[ "$1" = --version ] && exit 0\n${install}\n`);
    await chmod(npm, 0o755);
    process.env.PATH = `${bin}${delimiter}${path}`;
  };

  suiteSetup(async function () {
    if (!vscode.workspace.isTrusted || process.platform === 'win32') this.skip();
    folder = installFolder((await api()).app.context);
    assert.ok(!existsSync(folder), 'a native backend is installed in the profile of the tests');
  });
  teardown(async () => {
    process.env.PATH = path;
    if (folder !== '') await rm(folder, { recursive: true, force: true });
    await rm(inWorkspace('npm-stand-in').fsPath, { recursive: true, force: true });
    await cleanUp();
  });

  for (const looking of [false, true])
    test(`says the size and the place, asks, and does nothing when dismissed, ${looking ? 'with' : 'without'} an open model`, async () => {
      await npmThat(WORKS);
      if (looking) await show(inWorkspace('zero-mlp.json'));
      const asked = await answering(undefined, run);
      assert.equal(asked.length, 1);
      assert.ok(asked[0]?.modal);
      assert.deepEqual(asked[0].choices, ['Install']);
      assert.match(asked[0].detail, /about \d+ MB on disk/);
      assert.ok(asked[0].detail.includes(folder), asked[0].detail);
      assert.equal(outcome, 'Cancelled.');
      assert.ok(!existsSync(folder));
    });

  test('after consent it is installed and tried; asked again, it is removed', async () => {
    await npmThat(WORKS);
    await answering('Install', run);
    assert.match(outcome, /is installed and used from now on/);
    assert.ok(existsSync(join(folder, 'node_modules', '@tensorflow', 'tfjs-node')));
    await answering(undefined, run);
    assert.equal(outcome, 'Cancelled.');
    assert.ok(existsSync(folder), 'a dismissed question removes nothing');
    const asked = await answering('Remove It', run);
    assert.deepEqual(asked[0]?.choices, ['Remove It']);
    assert.match(outcome, /was removed/);
    assert.ok(!existsSync(folder));
  });

  test('an installation that is cancelled ends npm and leaves nothing', async () => {
    const pidFile = inWorkspace('npm-stand-in', 'pid').fsPath;
    await npmThat(`mkdir -p node_modules; echo $$ > ${pidFile}; exec sleep 3600`);
    await answering('Install', () => cancellingAt(/npm install/, run));
    assert.equal(outcome, 'Cancelled.');
    const pid = Number(await readFile(pidFile, 'utf8'));
    await eventually('npm has ended', () => (isAlive(pid) ? undefined : true));
    assert.ok(!existsSync(folder));
  });

  test('a backend that crashes when tried is not kept, and neither is one without npm', async () => {
    await npmThat(
      'mkdir -p node_modules/@tensorflow/tfjs-node; echo "process.abort()" > node_modules/@tensorflow/tfjs-node/index.js',
    );
    await answering('Install', run);
    assert.match(outcome, /could not be installed here, nothing was kept/);
    assert.ok(!existsSync(folder));
    process.env.PATH = '/nowhere';
    await answering('Install', run);
    assert.match(outcome, /npm was not found on this machine/);
    assert.ok(!existsSync(folder));
  });
});
