import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { PhiloxKey } from '../draws/philox.ts';
import { drawNormal } from './draws.ts';
import { address, type Heap, output, withScratch } from './heap.ts';

/**
 * A new [rows, columns] tensor of the orthogonal draw of docs/generator.md: gain times orthonormal columns (rows ≥ columns) or rows. Blocked Householder
 * reflections in float32: QᵀQ − I stays below 10⁻⁵; against the float64 reference the last columns of a badly conditioned square draw differ more.
 */
export function drawOrthogonal(
  heap: Heap,
  rows: number,
  columns: number,
  key: PhiloxKey,
  gain: number,
): TensorInfo {
  const tall = Math.max(rows, columns);
  const narrow = Math.min(rows, columns);
  const out = output(heap, [rows, columns]);
  if (narrow === 0) return out;
  const { orthogonalBytes, orthogonalize, scaleInto } = heap.kernels;
  const draws = drawNormal(heap, [tall, narrow], key, 0, 1);
  const q = output(heap, [tall, narrow]);
  try {
    withScratch(heap, orthogonalBytes!(tall, narrow), (scratch) => {
      orthogonalize!(address(heap, draws), tall, narrow, address(heap, q), scratch);
    });
    scaleInto!(address(heap, q), tall, narrow, gain, rows < columns ? 1 : 0, address(heap, out));
  } finally {
    heap.backend.disposeData(draws.dataId);
    heap.backend.disposeData(q.dataId);
  }
  return out;
}
