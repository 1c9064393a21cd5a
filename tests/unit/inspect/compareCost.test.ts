import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBackend } from '../../../src/engine/backends.ts';
import { measureSeeds } from '../../../src/engine/measureSeeds.ts';
import { createInspector, type InspectRequest } from '../../../src/inspect/inspector.ts';
import { nominalSeconds } from '../../../src/inspect/plan.ts';
import { sampleWork } from '../../../src/inspect/workSize.ts';
import type { MeasureRequest } from '../../../src/model/measurer.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../../src/model/projectConfig.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import { kerasDense, kerasSequential } from '../../support/kerasJson.ts';
import { readBytes } from '../../support/memoryFiles.ts';

const TEXT = kerasSequential([
  kerasDense('a', 6, { kernel_initializer: { class_name: 'RandomNormal', config: { stddev: 1 } } }),
  kerasDense('b', 6),
  kerasDense('out', 3, { activation: 'softmax' }),
]);

const backend = await openBackend('cpu');
const asked: MeasureRequest[] = [];
const inspector = createInspector({
  measurer: {
    measure: (request) => {
      asked.push(request);
      return measureSeeds(request, { backend });
    },
  },
  files: nodeFiles,
  ...{ version: '0', machine: 'test', backends: ['cpu'], now: () => 0 },
});

const signal = new AbortController().signal;
const request = (more: Partial<InspectRequest>): InspectRequest => ({
  ...{ path: 'net.json', text: TEXT, options: {}, config: DEFAULT_PROJECT_CONFIG },
  ...more,
});

for (const more of [{ seeds: 4, batch: 8 }, { seeds: 5, batch: 16 }, { batch: 8 }])
  test(`what a comparison costs is what it then does: ${JSON.stringify(more)}`, async () => {
    const { costs, errors } = await inspector.compareCosts(request(more), signal);
    assert.deepEqual(errors, []);
    assert.deepEqual(asked.splice(0), [], 'asking for the cost measures nothing');
    const { comparisons } = await inspector.compare(request(more), signal);
    const [cost, comparison] = [costs[0], comparisons[0]];
    assert.ok(cost !== undefined && comparison !== undefined);
    assert.equal(cost.model, comparison.model);
    assert.equal(cost.starts, comparison.starts.length);
    assert.equal(cost.seeds, comparison.plan.seeds.length);
    const measured = asked
      .splice(0)
      .map(({ changes, seeds }) => `${JSON.stringify(changes)} ${String(seeds)}`);
    assert.equal(new Set(measured).size, measured.length, 'nothing is measured twice');
    assert.equal(measured.length, cost.starts, 'the twin is one of the starts');
    const { models } = await readBytes('net.json', TEXT);
    const work = models[0] === undefined ? undefined : sampleWork(models[0]);
    assert.ok(work !== undefined);
    const each = nominalSeconds(work, comparison.plan.batch, comparison.plan.backend);
    assert.ok(Math.abs(cost.seconds / (cost.starts * cost.seeds * each) - 1) < 1e-12);
  });

test('a model that cannot be run is refused with the same words by both', async () => {
  const opaque = kerasSequential([
    kerasDense('a', 6),
    { ...kerasDense('b', 6), class_name: 'NoSuchLayer' },
    kerasDense('out', 3),
  ]);
  const [cost, comparison] = [
    await inspector.compareCosts(request({ text: opaque }), signal),
    await inspector.compare(request({ text: opaque }), signal),
  ];
  assert.deepEqual(cost.errors, comparison.errors);
  assert.equal(cost.costs.length, comparison.comparisons.length);
});
