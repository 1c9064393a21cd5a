import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openBackend } from '../../src/engine/backends.ts';
import { measureSeeds } from '../../src/engine/measureSeeds.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import { withRoles } from '../../src/model/roles.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { judge } from '../../src/rules/judge.ts';
import { predict } from '../../src/theory/predict.ts';
import { testPlan } from '../support/builtSpecs.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

interface Measured {
  readonly spec: ModelSpec;
  readonly measurement: Measurement;
}

const python = oraclePython('torch');
const BATCH = 64;
const SEEDS = [1, 2, 3, 4, 5];

async function byHooks(init: string): Promise<readonly Measured[]> {
  const script = inRepo('tests', 'reference', 'torch', 'hooks.py');
  const { stdout } = await promisify(execFile)(
    python ?? '',
    [script, '--init', init, '--batch', String(BATCH)],
    {
      env: oracleEnv,
      maxBuffer: 1 << 28,
    },
  );
  return (JSON.parse(stdout) as Measured[]).map(({ spec, measurement }) => ({
    spec: withRoles(spec),
    measurement,
  }));
}

async function byEngine(spec: ModelSpec): Promise<Measurement> {
  const backend = await openBackend('wasm');
  const own = { ...spec, executable: true };
  return measureSeeds(
    { spec: own, changes: [], plan: testPlan(own, BATCH, SEEDS), seeds: SEEDS },
    { backend },
  );
}

const verdictOf = (spec: ModelSpec, measurement: Measurement): readonly string[] =>
  judge({ spec, prediction: predict(spec), measurement, config: DEFAULT_PROJECT_CONFIG })
    .findings.filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ rule, layer, severity }) => `${severity} ${rule} ${layer}`)
    .sort();

describe('PyTorch hooks and the engine', { skip: python === null ? 'npm run oracles' : false }, () => {
  for (const init of ['he', 'normal', 'zeros']) {
    it(`are judged alike: ${init}`, async () => {
      for (const { spec, measurement } of await byHooks(init)) {
        const own = verdictOf(spec, await byEngine(spec));
        assert.deepEqual(verdictOf(spec, measurement), own, spec.name);
        if (init === 'he') assert.deepEqual(own, []);
        else assert.notDeepEqual(own, []);
      }
    });
  }
});
