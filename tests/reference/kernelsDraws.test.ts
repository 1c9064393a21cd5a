import type { TensorInfo } from '@tensorflow/tfjs-core';
import { property as fc } from '../support/property.ts';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { keyOf, philox4x32 } from '../../src/engine/draws/philox.ts';
import { normal, truncatedNormal, uniform } from '../../src/engine/draws/reference.ts';
import { drawNormal, drawTruncatedNormal, drawUniform } from '../../src/engine/kernels/draws.ts';
import { address, floatsAt, type Heap } from '../../src/engine/kernels/heap.ts';
import { startKernels } from '../support/kernels.ts';

let heap: Heap;
before(async () => {
  heap = await startKernels('plain');
});

function take(info: TensorInfo): Float32Array {
  const out = floatsAt(
    heap,
    address(heap, info),
    info.shape.reduce((a, b) => a * b, 1),
  ).slice();
  heap.backend.disposeData(info.dataId);
  return out;
}

/** Distance in units in the last place of two float32 of the same sign. */
function ulps(a: number, b: number): number {
  const bits = new Int32Array(new Float32Array([a, b]).buffer);
  return Math.sign(a) === Math.sign(b) ? Math.abs(bits[0]! - bits[1]!) : Infinity;
}

const laws = [
  { name: 'uniform', reference: uniform, kernel: drawUniform, parameters: [-0.7, 0.7] },
  { name: 'normal', reference: normal, kernel: drawNormal, parameters: [0, 0.05] },
  { name: 'shifted normal', reference: normal, kernel: drawNormal, parameters: [3, 0.05] },
  { name: 'truncated normal', reference: truncatedNormal, kernel: drawTruncatedNormal, parameters: [0, 1.3] },
] as const;

test('Philox gives the authors’ known answers', () => {
  const hex = (counter: [number, number, number, number], k0: number, k1: number) => {
    const words = new Uint32Array(4);
    philox4x32({ k0, k1 }, counter, words);
    return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join(' ');
  };
  const ones = 0xffffffff;
  assert.equal(hex([0, 0, 0, 0], 0, 0), '6627e8d5 e169c58d bc57ac4c 9b00dbd8');
  assert.equal(hex([ones, ones, ones, ones], ones, ones), '408f276d 41c83b0e a20bc7c6 6d5451fd');
  assert.equal(
    hex([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], 0xa4093822, 0x299f31d0),
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  );
});

for (const { name, reference, kernel, parameters } of laws) {
  test(`the ${name} draws in SIMD equal the specified ones to one unit in the last place`, () => {
    const [a, b] = parameters;
    const key = keyOf(1, 'dense', 'kernel');
    const expected = new Float32Array(300_001);
    reference(expected, key, a, b);
    const actual = take(kernel(heap, [expected.length], key, a, b));
    let worst = 0;
    actual.forEach((value, i) => (worst = Math.max(worst, ulps(value, expected[i]!))));
    assert.ok(worst <= 1, `${worst} units`);
  });

  test(`the ${name} draws of any length are a prefix of the stream`, () => {
    const [a, b] = parameters;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70 }), fc.string(), fc.integer(), (count, layer, seed) => {
        const key = keyOf(seed, layer, 'kernel');
        const expected = new Float32Array(count);
        reference(expected, key, a, b);
        const actual = take(kernel(heap, [count], key, a, b));
        assert.ok(actual.every((value, i) => ulps(value, expected[i]!) <= 1));
      }),
    );
  });
}
