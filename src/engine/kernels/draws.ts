import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { PhiloxKey } from '../draws/philox.ts';
import { address, type Heap, output, withScratch } from './heap.ts';

function draw(
  heap: Heap,
  law: 0 | 1 | 2,
  shape: readonly number[],
  key: PhiloxKey,
  shift: number,
  scale: number,
): TensorInfo {
  const out = output(heap, shape);
  const count = shape.reduce((a, b) => a * b, 1);
  if (count === 0) return out;
  withScratch(heap, heap.kernels.drawBytes!(), (scratch) => {
    heap.kernels.draw!(law, key.k0, key.k1, shift, scale, address(heap, out), count, scratch);
  });
  return out;
}

/** A new tensor of the key's uniform stream on (low, high): `draws/reference.ts` to one unit in the last place of float32. */
export function drawUniform(
  heap: Heap,
  shape: readonly number[],
  key: PhiloxKey,
  low: number,
  high: number,
): TensorInfo {
  return draw(heap, 0, shape, key, low, high - low);
}

/** A new tensor of the key's normal stream, mean + std·z: `draws/reference.ts` to one unit in the last place when mean is 0. */
export function drawNormal(
  heap: Heap,
  shape: readonly number[],
  key: PhiloxKey,
  mean: number,
  std: number,
): TensorInfo {
  return draw(heap, 1, shape, key, mean, std);
}

/** A new tensor of the key's truncated normal stream; `std` is that before truncation at ±2, as in `draws/reference.ts`. */
export function drawTruncatedNormal(
  heap: Heap,
  shape: readonly number[],
  key: PhiloxKey,
  mean: number,
  std: number,
): TensorInfo {
  return draw(heap, 2, shape, key, mean, std);
}
