import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Measurement, TensorStats } from '../../src/model/measurement.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { PythonHost } from '../../src/model/pythonHost.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { createPythonHost } from '../../src/node/python/host.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('scale');
/** Weights that are the same on every backend; the forward pass only code knows. */
const NET = `import keras
import numpy as np
from keras import layers, ops


class Wave(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None, **kwargs):
        values = np.sin(np.arange(int(np.prod(shape))) * 1.7 + len(shape)) * 0.6
        return ops.convert_to_tensor(values.reshape(shape).astype("float32"))


class Net(keras.Model):
    def __init__(self, units=16):
        super().__init__()
        self.first = layers.Dense(units, activation="relu", kernel_initializer=Wave())
        self.norm = layers.LayerNormalization()
        self.second = layers.Dense(units, activation="tanh", kernel_initializer=Wave())
        self.head = layers.Dense(3, kernel_initializer=Wave())

    def call(self, x):
        h = self.norm(self.first(x))
        if ops.ndim(h) == 2:
            h = h + self.second(h)
        return self.head(h)


net = Net()
net.build((None, 8))
`;

describe(
  'Keras models in their own backend on JAX',
  { skip: python === null ? 'npm run oracles' : false },
  () => {
    const hosts: PythonHost[] = [];
    after(() => Promise.all(hosts.map((host) => host.dispose())));

    const measured = async (backend: string): Promise<Measurement> => {
      const host = createPythonHost({
        ...{ probeFolder: inRepo('python'), cwd: inRepo('tests', 'oracles', 'python') },
        ...{ interpreter: python ?? '', env: { ...oracleEnv, KERAS_BACKEND: backend } },
      });
      hosts.push(host);
      const path = inRepo('tests', 'oracles', 'python', 'jax_net.py');
      const reading = await host.read({ path, text: NET }, { inputShapes: { '': [8] } });
      const [model] = reading.keras;
      assert.ok(model, JSON.stringify(reading.problems));
      const loss = { id: 'mean_squared_error', fromLogits: false, written: 'mse', from: 'head' } as const;
      const spec = {
        ...{ id: model.id, name: model.name, file: path, contentHash: reading.contentHash },
        ...{ layers: [], outputs: [{ loss }], semantics: { value: 'keras3' }, origin: model.origin },
      } as unknown as ModelSpec;
      const plan = { batch: 32 } as unknown as Plan;
      return host.measure({ spec, changes: [], plan, seeds: [1, 2] }, new AbortController().signal);
    };

    it('give the values and gradients that PyTorch gives for the same weights', async () => {
      const [jax, torch] = [await measured('jax'), await measured('torch')];
      assert.equal(jax.engine.kernels, 'jax');
      assert.equal(torch.engine.kernels, 'torch');
      const same = (a: TensorStats | undefined, b: TensorStats | undefined, what: string) => {
        assert.equal(a === undefined, b === undefined, what);
        if (a === undefined || b === undefined) return;
        assert.ok(Math.abs(a.rms - b.rms) <= 1e-4 * b.rms, `${what}: ${a.rms} and ${b.rms}`);
      };
      let gradients = 0;
      jax.seeds.forEach(({ taps, weights, losses }, at) => {
        const other = torch.seeds[at]!;
        assert.deepEqual(
          taps.map(({ node, quantity }) => `${node} ${quantity}`),
          other.taps.map(({ node, quantity }) => `${node} ${quantity}`),
        );
        taps.forEach((tap, index) => {
          same(tap.value, other.taps[index]?.value, `${tap.node} ${tap.quantity}`);
          same(tap.gradient, other.taps[index]?.gradient, `gradient of ${tap.node} ${tap.quantity}`);
          if (tap.gradient !== undefined) gradients++;
        });
        weights.forEach((weight, index) => {
          same(weight.value, other.weights[index]?.value, `${weight.layer} ${weight.weight}`);
          same(
            weight.gradient,
            other.weights[index]?.gradient,
            `gradient of ${weight.layer} ${weight.weight}`,
          );
        });
        assert.ok(weights.filter(({ gradient }) => gradient !== undefined).length >= 8);
        assert.ok(Math.abs(losses[0]!.value - other.losses[0]!.value) < 1e-4 * other.losses[0]!.value);
      });
      assert.ok(gradients >= 12, String(gradients));
    });
  },
);
