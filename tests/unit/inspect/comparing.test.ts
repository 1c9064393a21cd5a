import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBackend } from '../../../src/engine/backends.ts';
import { measureSeeds } from '../../../src/engine/measureSeeds.ts';
import { advise } from '../../../src/inspect/advising.ts';
import { compareStartingPoints } from '../../../src/inspect/comparing.ts';
import { look, type Subject } from '../../../src/inspect/looking.ts';
import { createMeasuring } from '../../../src/inspect/measuring.ts';
import { startingPoints } from '../../../src/inspect/startingPoints.ts';
import type { Measurer } from '../../../src/model/measurer.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../../src/model/projectConfig.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { predict } from '../../../src/theory/predict.ts';
import { mlp, testPlan, testSpec } from '../../support/builtSpecs.ts';

/** A subject whose measurements are really made, and what was measured: the laws of all weights with the seed. */
async function subjectOf(spec: ModelSpec): Promise<{ subject: Subject; made: string[] }> {
  const backend = await openBackend('cpu');
  const made: string[] = [];
  const measurer: Measurer = {
    measure: (request) => {
      for (const seed of request.seeds)
        made.push(
          JSON.stringify([
            request.changes.map(({ initializer, ...rest }) => [rest, initializer.id, initializer.params]),
            seed,
          ]),
        );
      return measureSeeds(request, { backend });
    },
  };
  const seeds = [1, 2, 3, 4, 5];
  const subject: Subject = {
    spec,
    prediction: predict(spec),
    plan: { ...testPlan(spec, 16, seeds), looks: [5] },
    config: DEFAULT_PROJECT_CONFIG,
    measuring: createMeasuring(measurer, 'test'),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  return { subject, made };
}

test('a comparison measures each start once, shares the fitted one with the twin, and takes what an inspection has measured', async () => {
  const layers = mlp([12, 12, 12, 12, 12, 12, 4], 'relu', 'random_normal', 'softmax');
  const spec = testSpec({ inputs: [12], layers });
  const { subject, made } = await subjectOf(spec);
  const looked = await look(subject);
  assert.ok(looked.twin !== undefined, 'N(0, 0.05²) loses the signal, so the twin is measured');
  assert.equal(made.length, 2 * 5);
  const points = startingPoints(spec);
  const { starts } = await compareStartingPoints(subject);
  assert.equal(starts.length, points.length);
  assert.equal(new Set(made).size, made.length, 'nothing twice');
  const ids = points.map(({ id }) => id);
  assert.ok(ids.includes('fitted') && ids.includes('normal-0.05'));
  // The file, the twin (which is the fitted start) and N(0, 0.05²) (which is the file) were measured already.
  assert.equal(made.length, (points.length - 1) * 5);
});

test('advice takes the twin’s measurement where it is the same change, and measures nothing twice', async () => {
  const layers = mlp([12, 12, 12, 12, 12, 12, 4], 'relu', 'random_normal', 'softmax');
  const { subject, made } = await subjectOf(testSpec({ inputs: [12], layers }));
  const looked = await look(subject);
  const before = made.length;
  const { findings } = await advise(subject, looked, looked.findings, undefined);
  const tried = findings.reduce((sum, finding) => sum + (finding.tried ?? 0), 0);
  assert.ok(findings.some(({ advice }) => (advice?.length ?? 0) > 0) && tried > 0);
  assert.equal(new Set(made).size, made.length, 'nothing twice');
  assert.ok(made.length - before < 5 * tried, `${tried} sets tried, ${(made.length - before) / 5} measured`);
});
