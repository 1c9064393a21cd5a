import { property as fc } from '../support/property.ts';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { orthogonal } from '../../src/engine/draws/orthogonal.ts';
import { keyOf } from '../../src/engine/draws/philox.ts';
import { address, floatsAt, type Heap } from '../../src/engine/kernels/heap.ts';
import { drawOrthogonal } from '../../src/engine/kernels/orthogonal.ts';
import { assertClose, startKernels } from '../support/kernels.ts';

let heap: Heap;
before(async () => {
  heap = await startKernels('plain');
});

function take(rows: number, columns: number, seed: number, gain: number): Float32Array {
  const info = drawOrthogonal(heap, rows, columns, keyOf(seed, 'lstm', 'recurrent'), gain);
  const out = floatsAt(heap, address(heap, info), rows * columns).slice();
  heap.backend.disposeData(info.dataId);
  return out;
}

/** max |QᵀQ − I| (or QQᵀ when there are fewer rows than columns). */
function departure(q: Float32Array, rows: number, columns: number): number {
  const [narrow, tall] = [Math.min(rows, columns), Math.max(rows, columns)];
  const entry = (i: number, k: number) => (rows < columns ? q[i * columns + k]! : q[k * columns + i]!);
  let worst = 0;
  for (let i = 0; i < narrow; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < tall; k++) sum += entry(i, k) * entry(j, k);
      worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)));
    }
  }
  return worst;
}

test('orthogonal draws are orthonormal and equal the float64 reference as far as their condition allows', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(31, 33, 64, 100));
  fc.assert(
    fc.property(size, size, fc.integer(), (rows, columns, seed) => {
      const q = take(rows, columns, seed, 1);
      assert.ok(departure(q, rows, columns) < 1e-5);
      const expected = new Float32Array(rows * columns);
      orthogonal(expected, keyOf(seed, 'lstm', 'recurrent'), rows, columns, 1);
      assertClose(q, expected, `${rows}×${columns}`, rows === columns ? 1e-2 : 1e-3);
    }),
    { numRuns: 60, seed: 5 },
  );
});

test('a 512 × 512 draw is orthonormal, and the gain multiplies it', () => {
  const q = take(512, 512, 1, 1);
  assert.ok(departure(q, 512, 512) < 1e-5);
  assertClose(
    take(512, 512, 1, 2.5),
    q.map((v) => 2.5 * v),
    'gain',
    1e-6,
  );
});
