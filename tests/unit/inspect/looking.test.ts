import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, type Looked } from '../../../src/inspect/looking.ts';
import { createMeasuring } from '../../../src/inspect/measuring.ts';
import type { Measurer } from '../../../src/model/measurer.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../../src/model/projectConfig.ts';
import { predict } from '../../../src/theory/predict.ts';
import { testPlan } from '../../support/builtSpecs.ts';
import { DEPTH, healthy, look as seedLike, serious } from '../../support/judging.ts';
import { measurement, type TestSeed } from '../../support/measurements.ts';
import { mlp } from '../../support/specs.ts';

/** Started with other weights than fit its activation, so that its twin is another model. */
const spec = mlp(64, DEPTH, 'glorot_uniform', 'relu');

/** Looks at a model each seed of which shows what `seedOf` says (its twin is healthy); also which seeds of which were measured. */
async function lookAt(seedOf: (seed: number) => (jitter: number) => TestSeed): Promise<[Looked, string[]]> {
  const asked: string[] = [];
  const measurer: Measurer = {
    measure: ({ seeds, changes }) => {
      asked.push(`${changes.length > 0 ? 'twin' : 'file'} ${seeds.join(' ')}`);
      const one = (seed: number) => measurement(changes.length > 0 ? healthy : seedOf(seed), 1).seeds[0]!;
      return Promise.resolve({
        ...measurement(healthy),
        seeds: seeds.map((seed) => ({ ...one(seed), seed })),
      });
    },
  };
  const looked = await look({
    spec,
    prediction: predict(spec),
    plan: { ...testPlan(spec, 128, [1, 2, 3, 4, 5]), looks: [5, 10, 20] },
    config: DEFAULT_PROJECT_CONFIG,
    measuring: createMeasuring(measurer, 'test'),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  return [looked, asked];
}

const grows = (base: number) =>
  seedLike((index) => ({ rms: base ** index, data: base ** index, inputRms: base ** index / 1.41 }));
const found = ({ findings }: Looked) =>
  serious({ findings, undecided: false, wantsTwin: false }).map(({ rule }) => rule);

test('a verdict that stands is looked at once, without a twin where nothing asks for one', async () => {
  const [looked, asked] = await lookAt(() => healthy);
  assert.deepEqual(asked, ['file 1 2 3 4 5']);
  assert.deepEqual(looked.seeds, [1, 2, 3, 4, 5]);
  const [exploding, first] = await lookAt(() => grows(2.2));
  assert.deepEqual(first, ['file 1 2 3 4 5', 'twin 1 2 3 4 5']);
  assert.deepEqual(found(exploding), ['exploding-signal']);
});

test('seeds are added only while an interval straddles a band, and only those that are missing', async () => {
  // One seed of five that does not grow leaves the interval of the growth across its limit; one of ten does not.
  const [looked, asked] = await lookAt((seed) => grows(seed === 3 ? 1.1 : 2.2));
  assert.deepEqual(asked, ['file 1 2 3 4 5', 'file 6 7 8 9 10', 'twin 1 2 3 4 5 6 7 8 9 10']);
  assert.equal(looked.seeds.length, 10);
  assert.deepEqual(found(looked), ['exploding-signal']);
});

test('what straddles a band at the last look ends there, without a warning', async () => {
  const [looked, asked] = await lookAt((seed) => grows(seed % 2 === 0 ? 1.1 : 2.2));
  assert.equal(asked.filter((each) => each.startsWith('file')).length, 3);
  assert.equal(looked.seeds.length, 20);
  assert.deepEqual(found(looked), []);
});
