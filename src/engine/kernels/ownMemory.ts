import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Heap } from './heap.ts';
import { instantiateKernels, supportedSimd } from './module.ts';

/** Our kernels on a memory of their own, for backends whose tensors lie elsewhere. */
export interface OwnMemory {
  /** Any tensor has the address of the values that are held. */
  readonly heap: Heap;
  /** Copies the values in while `use` runs. */
  hold<T>(values: Float32Array, use: () => T): T;
}

const PAGE = 65536;

/** Memory that is given back in the reverse order in which it was taken, as scratch and held values are. */
function stack(memory: WebAssembly.Memory) {
  let top = PAGE;
  return {
    get HEAPU8() {
      return new Uint8Array(memory.buffer);
    },
    _malloc: (bytes: number): number => {
      const at = top;
      top += (bytes + 15) & ~15;
      const missing = top - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      return at;
    },
    _free: (at: number): void => {
      top = at;
    },
  };
}

/** Starts the kernels on a new memory; undefined where this engine has no 128-bit SIMD. */
export async function openOwnMemory(): Promise<OwnMemory | undefined> {
  const simd = supportedSimd();
  if (simd === 'off') return undefined;
  const memory = new WebAssembly.Memory({ initial: 4 });
  const kernels = await instantiateKernels(simd, memory);
  const wasm = stack(memory);
  const statsTable = wasm._malloc(kernels.statsTableBytes!());
  let held = 0;
  const backend = { wasm, dataIdMap: { get: () => ({ memoryOffset: held }) } } as unknown as BackendWasm;
  return {
    heap: { backend, kernels, simd, statsTable },
    hold: (values, use) => {
      const at = (held = wasm._malloc(values.byteLength));
      try {
        new Float32Array(memory.buffer, at, values.length).set(values);
        return use();
      } finally {
        wasm._free(at);
      }
    },
  };
}
