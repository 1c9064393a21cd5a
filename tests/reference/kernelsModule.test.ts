import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { convGeometry } from '../../src/engine/kernels/convGeometry.ts';
import { convolve } from '../../src/engine/kernels/convolve.ts';
import { drawNormal } from '../../src/engine/kernels/draws.ts';
import { address, emscripten, floatsAt, type Heap, output } from '../../src/engine/kernels/heap.ts';
import { installKernels } from '../../src/engine/kernels/install.ts';
import { instantiateKernels, kernelBytes, supportedSimd } from '../../src/engine/kernels/module.ts';
import { drawOrthogonal } from '../../src/engine/kernels/orthogonal.ts';
import { tapStats } from '../../src/engine/kernels/tapStats.ts';
import { convReference } from '../support/convReference.ts';
import { assertClose, startKernels, values } from '../support/kernels.ts';

let heap: Heap;
before(async () => {
  heap = await startKernels('plain');
});

/** The ids of the sections of a WebAssembly binary. */
function sections(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  for (let at = 8; at < bytes.length;) {
    ids.push(bytes[at++]!);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += size;
  }
  return ids;
}

for (const simd of ['plain', 'relaxed'] as const) {
  test(`the ${simd} build holds no data and no memory of its own`, () => {
    const [MEMORY, DATA, DATA_COUNT] = [5, 11, 12];
    const found = sections(kernelBytes(simd));
    assert.ok(found.includes(10), 'has code');
    for (const id of [MEMORY, DATA, DATA_COUNT]) assert.ok(!found.includes(id), `section ${id}`);
  });
}

test('instantiating leaves every byte of the memory as it is', async () => {
  const memory = new WebAssembly.Memory({ initial: 2 });
  new Uint8Array(memory.buffer).fill(0xa5);
  await instantiateKernels('plain', memory);
  assert.ok(new Uint8Array(memory.buffer).every((byte) => byte === 0xa5));
});

test('installing twice changes nothing, and the stock kernels can be asked for', async () => {
  const backend = tf.backend() as BackendWasm;
  const kernel = tf.getKernel('Conv2D', 'wasm');
  const [first, second] = [
    await installKernels(backend, { simd: 'plain' }),
    await installKernels(backend, { simd: 'plain' }),
  ];
  assert.deepEqual(first, second);
  assert.equal(tf.getKernel('Conv2D', 'wasm'), kernel);
  assert.match(first.version, /^[0-9a-f]{8}$/);
  assert.deepEqual(await installKernels({ wasm: {} } as unknown as BackendWasm), {
    simd: 'off',
    version: 'stock',
  });
});

/** The address the allocator gives next: equal before and after when everything between was given back. */
function nextAddress(): number {
  const { _malloc, _free } = emscripten(heap.backend);
  const at = _malloc(4_000_000);
  _free(at);
  return at;
}

function useEverything(): void {
  tf.tidy(() => {
    const x = tf.tensor4d(values(2 * 9 * 9 * 5, 1), [2, 9, 9, 5]);
    const filter = tf.tensor4d(values(3 * 3 * 5 * 7, 2), [3, 3, 5, 7]);
    tf.grads((a: tf.Tensor, b: tf.Tensor) => convolve(a, b))([x, filter]);
    tapStats(heap, x, { units: 'sums' });
  });
  const draws = [
    drawNormal(heap, [1000], { k0: 1, k1: 2 }, 0, 1),
    drawOrthogonal(heap, 20, 30, { k0: 1, k1: 2 }, 1),
  ];
  for (const { dataId } of draws) heap.backend.disposeData(dataId);
}

test('scratch memory is given back', () => {
  useEverything();
  const start = nextAddress();
  for (let i = 0; i < 5; i++) useEverything();
  assert.equal(nextAddress(), start);
});

test('a tensor of 2³¹ elements is refused before memory is taken', () => {
  const bytes = emscripten(heap.backend).HEAPU8.byteLength;
  assert.throws(() => output(heap, [65536, 32768]), /does not fit the 4 GB/);
  assert.throws(() => output(heap, [1, 2 ** 40]), /does not fit the 4 GB/);
  assert.equal(emscripten(heap.backend).HEAPU8.byteLength, bytes);
});

test('the relaxed build gives the plain one’s results where this engine accepts it', async (context) => {
  if (supportedSimd() !== 'relaxed') return context.skip('relaxed SIMD is off in this engine');
  const draw = () => {
    const info = drawNormal(heap, [4099], { k0: 5, k1: 6 }, 0, 1);
    const out = floatsAt(heap, address(heap, info), 4099).slice();
    heap.backend.disposeData(info.dataId);
    return out;
  };
  const plain = draw();
  heap = await startKernels('relaxed');
  assert.deepEqual(draw(), plain, 'draws are the same bits');
  const [xShape, filterShape] = [
    [2, 9, 8, 6],
    [3, 3, 3, 10],
  ];
  const geometry = convGeometry(xShape, filterShape, { groups: 2, padding: 'same', strides: [2, 1] });
  const x = values(2 * 9 * 8 * 6, 1);
  const filter = values(3 * 3 * 3 * 10, 2);
  const y = tf.tidy(() =>
    convolve(tf.tensor(x, xShape), tf.tensor(filter, filterShape), {
      groups: 2,
      padding: 'same',
      strides: [2, 1],
    }).dataSync(),
  );
  assertClose(y, convReference(geometry, x, filter), 'convolution');
});
