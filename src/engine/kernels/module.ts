import plainBytes from './built/plain.wasm';
import relaxedBytes from './built/relaxed.wasm';

/** Which of the two builds runs: multiply and add, fused multiply-add (relaxed SIMD), or none (the stock kernels). */
export type Simd = 'plain' | 'relaxed' | 'off';

/** The functions of the compiled kernels (`as/*.ts` says what each does). Addresses and sizes are 32-bit; sizes in elements. */
export type KernelModule = Readonly<Record<string, (...numbers: number[]) => number>>;

/** The embedded bytes of a build. */
export function kernelBytes(simd: 'plain' | 'relaxed'): Uint8Array<ArrayBuffer> {
  return simd === 'relaxed' ? relaxedBytes : plainBytes;
}

/** The build that this engine accepts: relaxed before plain, 'off' without 128-bit SIMD. */
export function supportedSimd(): Simd {
  if (WebAssembly.validate(relaxedBytes)) return 'relaxed';
  return WebAssembly.validate(plainBytes) ? 'plain' : 'off';
}

/** Instantiates a build on an existing memory. It brings no data of its own, so nothing in the memory changes. */
export async function instantiateKernels(
  simd: 'plain' | 'relaxed',
  memory: WebAssembly.Memory,
): Promise<KernelModule> {
  const { instance } = await WebAssembly.instantiate(kernelBytes(simd), { env: { memory } });
  return instance.exports as unknown as KernelModule;
}
