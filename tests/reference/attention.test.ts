import { property as fc } from '../support/property.ts';
import { before, test } from 'node:test';
import type { JsonObject } from '../../src/model/json.ts';
import { testSpec } from '../support/builtSpecs.ts';
import { values } from '../support/kernels.ts';
import { assertSame, openBoth } from '../support/sameOnBackends.ts';

before(openBoth);

const shape = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  targets: fc.integer({ min: 1, max: 9 }),
  sources: fc.integer({ min: 1, max: 9 }),
  features: fc.integer({ min: 1, max: 6 }),
  keyHeads: fc.integer({ min: 1, max: 3 }),
  group: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 7 }),
  valueSize: fc.integer({ min: 1, max: 5 }),
  causal: fc.boolean(),
  masked: fc.boolean(),
  grouped: fc.boolean(),
  seed: fc.nat(1000),
});

test('attention as one operation equals products, softmax and transposes one by one: outputs, gradients and taps', () => {
  fc.assert(
    fc.property(shape, (given) => {
      const { batch, targets, sources, features, keyHeads, group, size, masked, grouped, seed } = given;
      const config: JsonObject = grouped
        ? { head_dim: size, num_query_heads: keyHeads * group, num_key_value_heads: keyHeads }
        : { num_heads: keyHeads, key_dim: size, value_dim: given.valueSize };
      const kwargs = given.causal ? { kwargs: { use_causal_mask: true } } : {};
      const spec = testSpec({
        inputs: [
          { name: 'q', shape: [targets, features] },
          { name: 'v', shape: [sources, features] },
        ],
        layers: [
          ...(masked ? [{ class: 'Masking', name: 'mask', inputs: ['v'] }] : []),
          {
            class: grouped ? 'GroupedQueryAttention' : 'MultiHeadAttention',
            name: 'layer',
            config,
            inputs: ['q', masked ? 'mask' : 'v'],
            ...kwargs,
          },
        ],
      });
      const sourceValues = values(batch * sources * features, seed + 1);
      if (masked)
        for (let row = 0; row < batch * sources; row++)
          if ((row * 7919 + seed) % 3 === 0) sourceValues.fill(0, row * features, (row + 1) * features);
      const blocks = [
        { shape: [batch, targets, features], values: values(batch * targets * features, seed) },
        { shape: [batch, sources, features], values: sourceValues },
      ];
      assertSame(spec, blocks, batch);
    }),
    { numRuns: 120, seed: 3 },
  );
});

test('gelu and its gradient in one pass equal the operations one by one', () => {
  const spec = testSpec({
    inputs: [{ name: 'x', shape: [1003] }],
    layers: [{ class: 'Activation', name: 'layer', config: { activation: 'gelu' } }],
  });
  const x = Float32Array.from({ length: 2006 }, (_, i) => (i - 1003) / 60);
  assertSame(spec, [{ shape: [2, 1003], values: x }], 2);
});
