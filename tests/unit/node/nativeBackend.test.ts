import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasNativeBackend, loadTensorflow } from '../../../src/node/nativeBackend.ts';
import { inFolder } from '../../support/folder.ts';

const PACKAGE = 'node_modules/@tensorflow/tfjs-node';
const CAPS = ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'] as const;

/** Runs an action without caps of ours or of the user's, which come back afterwards. */
async function uncapped(action: () => Promise<void>): Promise<void> {
  const before = CAPS.map((name) => process.env[name]);
  for (const name of CAPS) Reflect.deleteProperty(process.env, name);
  try {
    await action();
  } finally {
    CAPS.forEach((name, index) => {
      const value = before[index];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    });
  }
}

/** A package that says under which caps it was loaded. */
const NATIVE = {
  'package.json': '{}',
  [`${PACKAGE}/package.json`]: '{ "name": "@tensorflow/tfjs-node", "main": "index.js" }',
  [`${PACKAGE}/index.js`]: `exports.version = { 'tfjs-node': ${CAPS.map((name) => `process.env.${name}`).join(" + ' and ' + ")} };`,
};

test('tensorflow is loaded under a cap of its threads', () =>
  uncapped(() =>
    inFolder(NATIVE, async (folder) => {
      assert.ok(hasNativeBackend([folder]));
      assert.deepEqual(await loadTensorflow([folder], 3), { version: '3 and 1' });
    }),
  ));

test('caps that the user has set stay', () =>
  uncapped(() =>
    inFolder(NATIVE, async (folder) => {
      process.env['TF_NUM_INTRAOP_THREADS'] = '7';
      assert.deepEqual(await loadTensorflow([folder], 3), { version: '7 and 1' });
    }),
  ));

test('a package that does not load is one line with the way out', () =>
  inFolder({ ...NATIVE, [`${PACKAGE}/index.js`]: "throw new Error('no such library\\nstack');" }, (folder) =>
    assert.rejects(loadTensorflow([folder], 1), {
      message: '@tensorflow/tfjs-node is installed but does not load (no such library); use --backend wasm.',
    }),
  ));
