import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openBackend } from '../../../src/engine/backends.ts';
import { measureSeeds } from '../../../src/engine/measureSeeds.ts';
import { cheapSpectra, spectrumOf } from '../../../src/engine/spectrum.ts';
import type { WeightSpec } from '../../../src/model/spec.ts';
import { testPlan, testSpec } from '../../support/builtSpecs.ts';
import { irregular } from '../../support/runLayers.ts';
import { singularValues } from '../../support/singularValues.ts';

function kernel(shape: readonly number[], extra: Partial<WeightSpec> = {}): WeightSpec {
  const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const initializer = { id: 'glorotUniform', params: {}, seed: null, written: '' };
  const fans = { fanIn, fanOut: shape.at(-1) ?? 1, effectiveFanIn: fanIn, effectiveFanOut: 1 };
  return {
    name: 'kernel',
    part: 'kernel',
    shape,
    ...fans,
    initializer,
    unitAxis: -1,
    ...extra,
  } as WeightSpec;
}

const close = (found: number, wanted: number, of: number) =>
  assert.ok(Math.abs(found - wanted) <= 1e-7 * of, `${found} is not ${wanted}`);

describe('spectra of kernels', () => {
  for (const size of [1, 2, 5, 40, 100])
    test(`square, ${size}: as Jacobi rotations find them`, () => {
      const values = Float32Array.from(irregular(size * size, 7));
      const wanted = singularValues(values, size);
      const found = spectrumOf(kernel([size, size]), values);
      assert.ok(found);
      const [largest = NaN] = wanted;
      assert.equal(found.count, size);
      close(found.max, largest, largest);
      close(found.min, wanted.at(-1) ?? NaN, largest);
      assert.equal(found.values.length, Math.min(size, 64));
      found.values.forEach((value, index) => {
        const rank = size <= 64 ? index : Math.round((index / 63) * (size - 1));
        close(value, wanted[rank] ?? NaN, largest);
      });
    });

  test('a kernel of a convolution is the matrix of its windows; tall and wide ones have the same values', () => {
    const values = Float32Array.from(irregular(3 * 3 * 2 * 5, 3));
    const turned = Float32Array.from(
      { length: 90 },
      (_, i) => values[(i % 18) * 5 + Math.floor(i / 18)] ?? NaN,
    );
    const [tall, wide] = [spectrumOf(kernel([3, 3, 2, 5]), values), spectrumOf(kernel([5, 18]), turned)];
    assert.equal(tall?.count, 5);
    tall.values.forEach((value, index) => close(value, wide?.values[index] ?? NaN, tall.max));
    const squares = (all: readonly number[]) => all.reduce((sum, value) => sum + value * value, 0);
    close(squares(tall.values), squares([...values]), squares([...values]));
  });

  test('what is dependent is 0, not a rounding error', () => {
    const tied = spectrumOf(kernel([40, 30]), new Float32Array(1200).fill(0.5));
    assert.equal(tied?.min, 0);
    close(tied.max, 0.5 * Math.sqrt(1200), 1);
    assert.deepEqual(tied.values.slice(1), new Array(29).fill(0));
    const zero = spectrumOf(kernel([4, 4]), new Float32Array(16));
    assert.deepEqual([zero?.max, zero?.min], [0, 0]);
  });

  test('weights that are no matrix from input to units, and values that are not finite, have none', () => {
    assert.equal(spectrumOf(kernel([8], { part: 'bias' }), new Float32Array(8)), undefined);
    assert.equal(spectrumOf(kernel([3, 3, 4, 1], { effectiveFanIn: 9 }), new Float32Array(36)), undefined);
    assert.equal(spectrumOf(kernel([600, 600]), new Float32Array(360_000)), undefined);
    assert.equal(spectrumOf(kernel([2, 2]), Float32Array.of(1, NaN, 0, 1)), undefined);
  });

  test('the cheapest ones are taken until the work is done', () => {
    const [small, middle, large] = [kernel([8, 8]), kernel([64, 64]), kernel([256, 256])];
    assert.deepEqual([...cheapSpectra([large, middle, small], 1e6)], [small, middle]);
    assert.equal(cheapSpectra([large, middle, small], 0).size, 0);
  });

  test('a measurement has them for the first seed of a model as it is', async () => {
    const spec = testSpec({
      inputs: [6],
      layers: [
        { class: 'Dense', config: { units: 4, kernel_initializer: 'orthogonal' } },
        { class: 'Dense', config: { units: 600 } },
        { class: 'Dense', config: { units: 601 } },
      ],
    });
    const backend = await openBackend('cpu');
    const request = { spec, plan: testPlan(spec, 4, [3, 4]), seeds: [3, 4] };
    const [change] = spec.layers.flatMap(({ id, weights }) =>
      weights.map(({ name, initializer }) => ({ layers: [id], weight: name, initializer })),
    );
    assert.ok(change);
    const plain = await measureSeeds({ ...request, changes: [] }, { backend });
    const changed = await measureSeeds({ ...request, changes: [change] }, { backend });
    const spectra = ({ seeds }: typeof plain) =>
      seeds.map(({ weights }) =>
        weights.filter(({ singular }) => singular !== undefined).map(({ layer }) => layer),
      );
    const [first, second] = spec.layers.flatMap(({ id, weights }) => (weights.length > 0 ? [id] : []));
    assert.deepEqual(spectra(plain), [[first, second], []]);
    assert.deepEqual(spectra(changed), [[], []]);
    const { singular } = plain.seeds[0]?.weights[0] ?? {};
    singular?.values.forEach((value) => close(value, 1, 10));
  });
});
