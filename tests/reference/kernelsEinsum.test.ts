import * as tf from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { einsum } from '../../src/engine/kernels/einsum.ts';
import { assertClose, startKernels, values } from '../support/kernels.ts';

before(() => startKernels('plain'));

const sizes: Readonly<Record<string, number>> = { a: 2, b: 3, c: 4, d: 5, e: 1 };
const labels = fc.shuffledSubarray(Object.keys(sizes), { maxLength: 4 });

/** The summation by its definition: over every value of every label. (tfjs's own einsum loses results of some equations.) */
function byDefinition(parts: readonly string[][], a: Float32Array, b: Float32Array): Float64Array {
  const [left, right, out] = parts as [string[], string[], string[]];
  const all = [...new Set([...left, ...right])];
  const count = (own: readonly string[]) => own.reduce((total, label) => total * sizes[label]!, 1);
  const result = new Float64Array(count(out));
  for (let i = 0; i < count(all); i++) {
    const at = new Map<string, number>();
    let rest = i;
    for (const label of all) {
      at.set(label, rest % sizes[label]!);
      rest = Math.floor(rest / sizes[label]!);
    }
    const index = (own: readonly string[]) =>
      own.reduce((sum, label) => sum * sizes[label]! + at.get(label)!, 0);
    result[index(out)]! += a[index(left)]! * b[index(right)]!;
  }
  return result;
}

test('einsum of two operands is what its definition says', () => {
  fc.assert(
    fc.property(labels, labels, fc.infiniteStream(fc.boolean()), fc.integer(), (left, right, coins, seed) => {
      const out = [...new Set([...left, ...right])].filter(() => coins.next().value).toReversed();
      const equation = `${left.join('')},${right.join('')}->${out.join('')}`;
      const shapes = [left, right].map((own) => own.map((label) => sizes[label]!));
      const [a, b] = shapes.map((shape, i) => values(tf.util.sizeFromShape(shape), seed + i)) as [
        Float32Array,
        Float32Array,
      ];
      const actual = tf.tidy(() =>
        einsum(equation, tf.tensor(a, shapes[0]), tf.tensor(b, shapes[1])).dataSync(),
      );
      const expected = byDefinition([left, right, out], a, b);
      const scale = byDefinition([left, right, []], a.map(Math.abs), b.map(Math.abs))[0]!;
      assertClose([...actual, scale], [...expected, scale], equation, 1e-6);
    }),
    { numRuns: 100, seed: 5 },
  );
});

test('einsum has a gradient and refuses what it cannot read', () => {
  const [q, k] = [tf.ones([2, 3, 4]), tf.ones([2, 5, 4])];
  const [dq] = tf.grads((a, b) => einsum('bqd,bkd->bqk', a, b))([q, k]);
  assertClose(dq!.dataSync(), new Float32Array(24).fill(5), 'dq');
  assert.throws(() => einsum('ij->i', q, k), /two operands/);
  assert.throws(() => einsum('abc,dbc->abd', q, k), /b is both 3 and 5/);
});
