import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Measurer } from '../../../src/model/measurer.ts';
import { withinMemory } from '../../../src/node/withinMemory.ts';
import { sampleReport } from '../../support/sampleReport.ts';
import { dense, testSpec } from '../../support/specs.ts';

test('seeds run in groups that fit into memory, and come back in order with one progress', async () => {
  const groups: number[][] = [];
  const measurer: Measurer = {
    measure: ({ seeds, plan }, _signal, onProgress) => {
      groups.push([...seeds]);
      onProgress?.({ done: seeds.length, total: seeds.length });
      return Promise.resolve({
        version: 1,
        engine: { name: 'fake', version: '1', backend: 'cpu', kernels: 'stock' },
        modelId: 'm',
        start: plan.start,
        batch: plan.batch,
        seeds: seeds.map((seed) => ({ seed, taps: [], weights: [], losses: [] })),
        notMeasured: [],
      });
    },
  };
  const spec = testSpec([{ id: 'in', kind: 'input', shape: [null, 4] }, dense('a', 4, 3, 'he_normal')]);
  const plan = { ...sampleReport().plan, size: { parameters: 0, multiplyAdds: 0, bytes: 1e9 } };
  const request = { spec, changes: [], plan, seeds: [1, 2, 3, 4, 5] };
  const done: string[] = [];
  const { signal } = new AbortController();
  const result = await withinMemory(measurer, 8e9).measure(request, signal, (step) =>
    done.push(`${step.done}/${step.total}`),
  );
  assert.deepEqual(groups, [[1, 2], [3, 4], [5]]);
  assert.deepEqual(
    result.seeds.map(({ seed }) => seed),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(done, ['2/5', '4/5', '5/5']);
  groups.length = 0;
  await withinMemory(measurer, 64e9).measure(request, signal);
  assert.deepEqual(groups, [[1, 2, 3, 4, 5]]);
});
