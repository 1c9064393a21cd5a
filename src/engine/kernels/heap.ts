import { type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelModule, Simd } from './module.ts';

/** A wasm backend with our kernels on its memory. */
export interface Heap {
  readonly backend: BackendWasm;
  readonly kernels: KernelModule;
  readonly simd: Simd;
  /** The histogram table of as/stats.ts: kept for as long as the backend, all zero between calls. */
  readonly statsTable: number;
}

/** What every kernel takes: a tensor on the wasm heap. */
export type HeapTensor = Pick<TensorInfo, 'dataId' | 'shape'>;

/** What we use of the Emscripten module behind the backend; its own types leave it out. */
interface EmscriptenHeap {
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  readonly asm?: { readonly memory?: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(at: number): void;
}

/** The Emscripten module of a wasm backend. */
export function emscripten(backend: BackendWasm): EmscriptenHeap {
  return backend.wasm as unknown as EmscriptenHeap;
}

const heaps = new WeakMap<BackendWasm, Heap>();

/** Remembers that the kernels live on this backend. */
export function joinHeap(heap: Heap): void {
  heaps.set(heap.backend, heap);
}

/** The heap of a backend that `installKernels` has served; undefined for any other. */
export function heapOf(backend: unknown): Heap | undefined {
  return heaps.get(backend as BackendWasm);
}

/** Like `heapOf`, for kernel functions, which only ever run on such a backend. */
export function requireHeap(backend: unknown): Heap {
  const heap = heapOf(backend);
  if (heap === undefined) throw new Error('The embedded kernels are not installed on this backend.');
  return heap;
}

/** The byte address of a tensor's data. Take it after every output of the call is allocated. */
export function address(heap: Heap, tensor: { readonly dataId: object }): number {
  return heap.backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/**
 * Allocates an output, refusing before memory is taken what no heap can hold: 2³¹ elements or more, or more than 4 GB.
 */
export function output(heap: Heap, shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
  const elements = util.sizeFromShape([...shape]);
  if (elements * util.bytesPerElement(dtype) > 0xffff0000 || elements >= 2 ** 31) {
    throw new RangeError(
      `A tensor of shape [${shape.join(', ')}] does not fit the 4 GB of the embedded engine.`,
    );
  }
  return heap.backend.makeOutput([...shape], dtype);
}

/** Runs `use` with scratch memory that is given back whatever happens. */
export function withScratch<T>(heap: Heap, bytes: number, use: (at: number) => T): T {
  const at = emscripten(heap.backend)._malloc(bytes) >>> 0;
  if (at === 0) throw new RangeError(`The embedded engine has no ${bytes} bytes left for scratch memory.`);
  try {
    return use(at);
  } finally {
    emscripten(heap.backend)._free(at);
  }
}

/** A fresh view of float32 values on the heap; valid until the next allocation. */
export function floatsAt(heap: Heap, at: number, length: number): Float32Array {
  return new Float32Array(emscripten(heap.backend).HEAPU8.buffer, at >>> 0, length);
}

/** Sets `count` float32 values of an output to zero. */
export function clear(heap: Heap, tensor: TensorInfo): void {
  const size = util.sizeFromShape(tensor.shape);
  if (size > 0) floatsAt(heap, address(heap, tensor), size).fill(0);
}
