import * as tfl from '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, mock, test } from 'node:test';
import { openBackend } from '../../src/engine/backends.ts';
import type { Semantics } from '../../src/model/semantics.ts';
import { type Oracle, oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';
import { type SpelledCase, spelledCases } from '../support/spelledCases.ts';

type Drawn = { readonly mean: number; readonly rms: number } | { readonly error: string };

/** 80,000 entries leave 0.4 % on the rms of what is widest: five times that. The mean is left five standard errors. */
const TOLERANCE = 0.02;

function asMeant({ mean, rms, shape }: SpelledCase, drawn: Drawn): void {
  const entries = shape.reduce((all, next) => all * next, 1);
  if ('error' in drawn) assert.fail(drawn.error);
  assert.ok(Math.abs(drawn.rms - rms) <= TOLERANCE * rms, `rms ${drawn.rms}, meant ${rms}`);
  assert.ok(
    Math.abs(drawn.mean - mean) <= (5 * rms) / Math.sqrt(entries),
    `mean ${drawn.mean}, meant ${mean}`,
  );
}

const ORACLES: readonly (readonly [Semantics, Oracle])[] = [
  ['keras3', 'torch'],
  ['keras2', 'tf'],
  ['pytorch', 'torch'],
];

for (const [target, oracle] of ORACLES) {
  const python = oraclePython(oracle);
  describe(`what is spelled for ${target} runs there`, { skip: python === null && 'npm run oracles' }, () => {
    const cases = spelledCases(target);
    const lines =
      python === null
        ? []
        : execFileSync(python, [inRepo('tests', 'oracles', 'spellings.py'), target], {
            input: JSON.stringify(cases),
            env: { ...oracleEnv, TF_USE_LEGACY_KERAS: '1' } as NodeJS.ProcessEnv,
            stdio: ['pipe', 'pipe', 'ignore'],
          })
            .toString('utf8')
            .split('\n')
            .filter((line) => line.startsWith('{'))
            .map((line) => JSON.parse(line) as { readonly code: Drawn; readonly json?: Drawn });
    cases.forEach((each, index) => {
      test(each.label, () => {
        const drawn = lines[index];
        assert.ok(drawn);
        asMeant(each, drawn.code);
        if (drawn.json !== undefined) asMeant(each, drawn.json);
      });
    });
  });
}

/** A kernel as TF.js draws it by an initializer, given or read from the JSON of a model. */
async function drawnByTfjs(model: () => Promise<tfl.LayersModel> | tfl.LayersModel): Promise<Drawn> {
  try {
    const [kernel] = (await model()).getWeights();
    const values = kernel?.dataSync() ?? [];
    let [sum, squares] = [0, 0];
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
    return { mean: sum / values.length, rms: Math.sqrt(squares / values.length) };
  } catch (error) {
    return { error: String(error) };
  }
}

describe('what is spelled for tfjs runs there', () => {
  before(async () => {
    await openBackend('cpu');
    await tf.setBackend('cpu');
    let state = 7;
    mock.method(Math, 'random', () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647);
  });
  after(() => mock.restoreAll());
  for (const each of spelledCases('tfjs')) {
    const [inputs, units] = each.shape as [number, number];
    test(each.label, async () => {
      const make = new Function('tf', `return ${each.code}`) as (
        names: object,
      ) => ReturnType<typeof tfl.initializers.zeros>;
      const byCode = (): tfl.LayersModel => {
        const kernelInitializer = make({ initializers: tfl.initializers });
        const layer = tfl.layers.dense({ units, inputShape: [inputs], useBias: false, kernelInitializer });
        return tfl.sequential({ layers: [layer] });
      };
      const config = {
        name: 'dense',
        units,
        batch_input_shape: [null, inputs],
        use_bias: false,
        kernel_initializer: each.json,
      };
      const modelTopology = {
        class_name: 'Sequential',
        config: { name: 'net', layers: [{ class_name: 'Dense', config }] },
      };
      asMeant(each, await drawnByTfjs(byCode));
      asMeant(each, await drawnByTfjs(() => tfl.loadLayersModel(tf.io.fromMemory({ modelTopology }))));
    });
  }
});
