import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { inRepo } from '../support/root.ts';

const exec = promisify(execFile);

/** Loads a bundle the way its host does, with a stand-in for the module that only VS Code has. */
const loader = (file: string) => `
  const Module = require('node:module');
  const load = Module._load;
  const standIn = new Proxy(function () {}, { get: (t, key) => (key === Symbol.toPrimitive ? () => '' : standIn), apply: () => standIn, construct: () => standIn });
  Module._load = (id, ...rest) => (id === 'vscode' ? standIn : load(id, ...rest));
  console.log(Object.keys(require(${JSON.stringify(file)})).join());`;

test(
  'the extension bundle loads and can be activated',
  { skip: absent('src/extension/main.ts') },
  async () => {
    const { stdout } = await exec(process.execPath, ['-e', loader(inRepo('dist/extension.cjs'))]);
    assert.deepEqual(stdout.trim().split(',').sort(), ['activate', 'deactivate']);
  },
);

test('the worker bundle starts as a worker thread', { skip: absent('src/node/worker.ts') }, async () => {
  const script = `
    const { Worker } = require('node:worker_threads');
    const worker = new Worker(${JSON.stringify(inRepo('dist/worker.cjs'))});
    worker.on('error', (error) => { console.error(error); process.exit(1); });
    worker.on('online', () => setTimeout(() => process.exit(0), 500));`;
  await exec(process.execPath, ['-e', script]);
});

test('the server bundle starts and answers initialize', { skip: absent('src/server/main.ts') }, async () => {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { processId: process.pid, rootUri: null, capabilities: {} },
  });
  const started = exec(process.execPath, [inRepo('dist/server.cjs'), '--stdio'], { timeout: 120_000 });
  const answered = new Promise<string>((resolve, reject) => {
    started.child.stdout?.once('data', (text: string) => {
      resolve(text);
    });
    started.catch(reject);
  });
  started.child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  const text = await answered;
  started.child.kill();
  assert.match(text, /Content-Length/);
});

test('the CLI bundle prints its version', { skip: absent('src/cli/main.ts') }, async () => {
  const { stdout } = await exec(process.execPath, [inRepo('dist/cli.cjs'), '--version']);
  assert.match(stdout, /\d+\.\d+\.\d+/);
});

function absent(entry: string): string | false {
  return existsSync(inRepo(entry)) ? false : `${entry} does not exist yet`;
}

test('the HDF5 library is loaded from its own bundle', { skip: absent('src/cli/main.ts') }, async () => {
  const script = `import(${JSON.stringify(pathToFileURL(inRepo('dist/hdf5.cjs')).href)}).then(async (library) => {
    await library.ready;
    console.log(typeof library.File);
  })`;
  const { stdout } = await exec(process.execPath, ['-e', script]);
  assert.equal(stdout.trim(), 'function');
  for (const bundle of ['cli', 'server', 'worker'])
    assert.ok(statSync(inRepo(`dist/${bundle}.cjs`)).size < 3_000_000, `${bundle}.cjs starts fast`);
});
