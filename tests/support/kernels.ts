import '@tensorflow/tfjs-backend-cpu';
import { type BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import assert from 'node:assert/strict';
import { type Heap, requireHeap } from '../../src/engine/kernels/heap.ts';
import { installKernels } from '../../src/engine/kernels/install.ts';
import type { Simd } from '../../src/engine/kernels/module.ts';
import { root } from './root.ts';

/**
 * Makes wasm the backend of this process with the given build on it. (Emscripten's loader, bundled as a module, asks for `__dirname`.)
 */
export async function startKernels(simd: Simd): Promise<Heap> {
  Object.assign(globalThis, { __dirname: root });
  setWasmPaths(`${root}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
  await tf.setBackend('cpu');
  await tf.setBackend('wasm');
  await tf.ready();
  const backend = tf.backend() as BackendWasm;
  await installKernels(backend, { simd });
  return requireHeap(backend);
}

/** Evaluates on a backend (both are initialized, so switching is immediate) and returns the values; nothing stays allocated. */
export function onBackend(name: 'cpu' | 'wasm', make: () => tf.Tensor): Float32Array {
  void tf.setBackend(name);
  try {
    return tf.tidy(() => make().dataSync() as Float32Array);
  } finally {
    void tf.setBackend('wasm');
  }
}

/** Asserts max|Δ| ≤ tolerance · max|expected| (and equal non-finite values). */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = 1e-5,
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    if (!Number.isFinite(expected[i]!)) {
      assert.ok(
        Object.is(actual[i], expected[i]) || Number.isNaN(actual[i]) === Number.isNaN(expected[i]),
        `${what}[${i}] is ${actual[i]}, not ${expected[i]}`,
      );
      continue;
    }
    scale = Math.max(scale, Math.abs(expected[i]!));
    const difference = Math.abs(actual[i]! - expected[i]!);
    worst = Number.isFinite(difference) ? Math.max(worst, difference) : Infinity;
  }
  assert.ok(worst <= tolerance * scale + 1e-30, `${what}: max|Δ| = ${worst}, max|ref| = ${scale}`);
}

/** A reproducible tensor of standard-normal-like values (a sum of uniforms is enough). */
export function values(count: number, seed: number): Float32Array {
  const out = new Float32Array(count);
  let state = (seed * 2654435761 + 12345) >>> 0;
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < count; i++) out[i] = (next() + next() + next() - 1.5) * 2;
  return out;
}
