import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openBackend } from '../../src/engine/backends.ts';
import { measureSeeds } from '../../src/engine/measureSeeds.ts';
import type { Report } from '../../src/model/report.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { readData } from '../../src/node/planData.ts';
import { readSavedWeights } from '../../src/node/savedWeights.ts';
import { readModels } from '../../src/readers/formats.ts';
import { testPlan } from '../support/builtSpecs.ts';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('torch');

/** The numbers that sameNet.py prints of a tap. */
type Told = Readonly<Record<string, number>> & { readonly units?: Readonly<Record<string, number>> };

function close(actual: unknown, expected: unknown, what: string): void {
  if (typeof actual !== 'number' || typeof expected !== 'number') return;
  const bound = 1e-4 * Math.max(Math.abs(actual), Math.abs(expected)) + 1e-6;
  assert.ok(Math.abs(actual - expected) <= bound, `${what}: ${actual} and ${expected}`);
}

function same(actual: Told | undefined, expected: Told | undefined, what: string): void {
  assert.ok(actual !== undefined && expected !== undefined, what);
  for (const key of ['mean', 'std', 'rms', 'min', 'max', 'zeros'])
    close(actual[key], expected[key], `${what} ${key}`);
  for (const key of ['dead', 'alwaysOn', 'constant', 'stdOverData', 'meanAbs', 'cosine', 'saturated'])
    close(actual.units?.[key] ?? 0, expected.units?.[key] ?? 0, `${what} ${key}`);
}

const TORCH = `from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.out = nn.Linear(20, 32), nn.Linear(32, 24), nn.Linear(24, 10)
        for layer, std in ((self.first, 1.5), (self.second, 3.0), (self.out, 0.2)):
            nn.init.normal_(layer.weight, 0, std)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.out(self.second(self.first(x).relu()).tanh())
`;
const KERAS = `import keras
from keras import layers
from keras.initializers import RandomNormal

inputs = keras.Input((20,), name='input')
x = layers.Dense(32, activation='relu', kernel_initializer=RandomNormal(stddev=1.5), name='first')(inputs)
x = layers.Dense(24, activation='tanh', kernel_initializer=RandomNormal(stddev=3.0), name='second')(x)
model = keras.Model(inputs, layers.Dense(10, kernel_initializer=RandomNormal(stddev=0.2), name='out')(x))
`;

describe('the same net in PyTorch, Keras and JSON', { skip: python === null && 'npm run oracles' }, () => {
  const prepared = (folder: string): Record<'torch' | 'keras', Readonly<Record<string, Told>>> => {
    const script = inRepo('tests', 'oracles', 'sameNet.py');
    const { stdout, stderr, status } = spawnSync(python ?? '', [script, inRepo('python'), folder], {
      encoding: 'utf8',
      env: oracleEnv,
    });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as ReturnType<typeof prepared>;
  };

  it('gives the same statistics with the same weights on the same rows', async () => {
    await inFolder({}, async (folder) => {
      const { torch, keras } = prepared(folder);
      const path = join(folder, 'net.keras');
      const head = new Uint8Array(readFileSync(path));
      const { models } = await readModels({ path, size: head.length, head }, nodeFiles, {
        savedWeights: true,
      });
      const spec = models[0]!;
      const data = { inputs: [join(folder, 'rows.npy')], rows: 64 };
      const plan = {
        ...testPlan(spec, 64, [1]),
        start: 'saved',
        backend: 'cpu',
        inputLaw: 'data',
        data,
      } as const;
      const { rows: _rows, ...given } = await readData(spec, plan);
      const saved = await readSavedWeights(spec);
      const backend = await openBackend('cpu', {
        loadTensorflow: () => Promise.reject(new Error('not asked for')),
      });
      const measured = await measureSeeds(
        { spec, changes: [], plan, seeds: [1] },
        { backend, ...given, saved },
      );
      const taps = measured.seeds[0]!.taps.filter(({ layer }) => layer !== 'input');
      assert.equal(taps.length, 6);
      for (const { layer, quantity, value, units } of taps) {
        const name = `${layer} ${quantity}`;
        const own = { ...value, units } as unknown as Told;
        same(own, keras[name], `engine and Keras, ${name}`);
        const apart = quantity === 'activation' && layer !== 'out' ? `${layer}_act activation` : name;
        same(keras[name], torch[apart], `Keras and PyTorch, ${name}`);
      }
    });
  });

  it('gets the same findings', async () => {
    await inFolder({ 'torch_net.py': TORCH, 'keras_net.py': KERAS }, async (cwd) => {
      prepared(cwd);
      const findings: string[][] = [];
      for (const name of ['torch_net.py', 'keras_net.py', 'faulty.json']) {
        const args = [
          'inspect',
          name,
          '--python',
          python ?? '',
          '--json',
          '--no-cache',
          '--loss',
          'mse',
          '--fail-on',
          'never',
        ];
        const { out, err } = await cli([...args, '--input-shape', '20'], {
          cwd,
          env: { KERAS_BACKEND: 'torch' },
        });
        const [report] = (JSON.parse(out) as { reports: Report[] }).reports;
        assert.ok(report !== undefined, err);
        const severe = report.findings.filter(
          ({ severity }) => severity === 'error' || severity === 'warning',
        );
        findings.push(severe.map(({ rule, layer }) => `${rule} at ${layer}`).sort());
      }
      assert.ok(findings[0]!.length > 0);
      assert.deepEqual(findings[1], findings[0]);
      assert.deepEqual(findings[2], findings[0]);
    });
  });
});
