import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInspector } from '../../../src/inspect/inspector.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../../src/model/projectConfig.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import { kerasDense, kerasSequential } from '../../support/kerasJson.ts';

test('--predict-only needs no engine: nothing is measured, every layer has its predicted numbers', async () => {
  const inspector = createInspector({
    measurer: { measure: () => Promise.reject(new Error('the engine was asked')) },
    files: nodeFiles,
    ...{ version: '0', machine: 'test', backends: ['cpu'], now: () => 0 },
  });
  const he = { activation: 'relu', kernel_initializer: 'he_normal' };
  const text = kerasSequential([kerasDense('a', 6, he), kerasDense('b', 6, he), kerasDense('out', 3)]);
  const asked = { path: 'net.json', text, options: {}, config: DEFAULT_PROJECT_CONFIG, predictOnly: true };
  const { reports, errors } = await inspector.inspect(asked, new AbortController().signal);
  assert.deepEqual(errors, []);
  const weighted = (reports[0]?.layers ?? []).filter(({ id }) => ['a', 'b', 'out'].includes(id));
  assert.equal(weighted.length, 3);
  for (const { predicted, measured } of weighted) {
    assert.ok((predicted.preActivation ?? 0) > 0 && (predicted.gradientNorm ?? 0) > 0);
    assert.deepEqual(measured, {});
  }
});
