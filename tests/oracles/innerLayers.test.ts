import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oracleLines, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('torch');

interface Told {
  readonly differences: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly encoder: readonly string[];
  readonly logits: number;
}

describe(
  'recurrences and attention of PyTorch, taken apart',
  { skip: python === null && 'npm run oracles' },
  () => {
    it('have the values and gradients of steps written out by hand, padded, packed, layered, in both directions', async () => {
      const [told] = await oracleLines<Told>(python ?? '', 'innerLayers.py', [inRepo('python')]);
      assert.ok(told !== undefined);
      assert.equal(Object.keys(told.differences).length, 14);
      for (const [name, numbers] of Object.entries(told.differences)) {
        assert.ok(Object.keys(numbers).length >= 5, name);
        for (const [what, difference] of Object.entries(numbers))
          assert.ok(difference < 2e-5, `${name}, ${what}: ${difference}`);
      }
      const inner = ['self_attn', 'linear1', 'relu', 'linear2', 'norm1', 'norm2', 'add'];
      assert.deepEqual(
        told.encoder,
        [0, 1].flatMap((i) => inner.map((name) => `layers.${i}.${name}`)).sort(),
      );
      assert.equal(told.logits, 2, 'the logits of each attention');
    });
  },
);
