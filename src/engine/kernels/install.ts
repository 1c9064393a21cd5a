import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { attentionKernels } from './attentionKernels.ts';
import { convKernels } from './convKernels.ts';
import { emscripten, type Heap, heapOf, joinHeap } from './heap.ts';
import { copyKernels } from './copyKernels.ts';
import { depthwiseKernels } from './depthwiseKernels.ts';
import { matmulKernels } from './matmulKernels.ts';
import { normKernels } from './normKernels.ts';
import { poolKernels } from './poolKernels.ts';
import { recurrentKernels } from './recurrentKernels.ts';
import { installGateGradients, reductionKernels } from './reductionKernels.ts';
import { instantiateKernels, kernelBytes, type Simd, supportedSimd } from './module.ts';
import { saturatingKernels } from './saturatingKernels.ts';

/** Which build to take: the best this engine accepts, a given one, or none. */
export interface InstallOptions {
  readonly simd?: 'auto' | Simd;
}

/** What was installed; `version` changes whenever the compiled kernels do and belongs into cache keys. */
export interface Installed {
  readonly simd: Simd;
  readonly version: string;
}

let stockAware: readonly KernelConfig[] | undefined;

function allKernels(): readonly KernelConfig[] {
  stockAware ??= [...reductionKernels(), ...saturatingKernels(), ...copyKernels()];
  return [
    ...matmulKernels,
    ...convKernels,
    ...depthwiseKernels,
    ...normKernels,
    ...poolKernels,
    ...recurrentKernels,
    ...attentionKernels,
    ...stockAware,
  ];
}

function register(config: KernelConfig): void {
  if (getKernel(config.kernelName, 'wasm') !== undefined) unregisterKernel(config.kernelName, 'wasm');
  registerKernel(config);
}

/** FNV-1a, 32 bits, of the bytes of a build. */
function fingerprint(simd: Simd): string {
  if (simd === 'off') return 'stock';
  let hash = 0x811c9dc5;
  for (const byte of kernelBytes(simd)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

async function heapOn(
  backend: BackendWasm,
  simd: 'plain' | 'relaxed',
  memory: WebAssembly.Memory,
): Promise<Heap> {
  const kernels = await instantiateKernels(simd, memory);
  const bytes = kernels.statsTableBytes!();
  const statsTable = heapOf(backend)?.statsTable ?? emscripten(backend)._malloc(bytes) >>> 0;
  emscripten(backend).HEAPU8.fill(0, statsTable, statsTable + bytes);
  kernels.placeConstants!(emscripten(backend)._malloc(kernels.constantsBytes!()));
  return { backend, simd, kernels, statsTable };
}

/**
 * Puts our kernels on a ready wasm backend: instantiates the chosen build on its memory and registers each kernel over the stock one.
 * Idempotent per backend and build; with 'off', without SIMD, or on a shared (threaded) memory the stock kernels stay.
 * @throws when a build is asked for by name that this engine does not accept.
 */
export async function installKernels(
  backend: BackendWasm,
  { simd = 'auto' }: InstallOptions = {},
): Promise<Installed> {
  const memory = emscripten(backend).asm?.memory;
  const usable = memory !== undefined && memory.buffer instanceof ArrayBuffer;
  const chosen = usable ? (simd === 'auto' ? supportedSimd() : simd) : 'off';
  if (chosen === 'off' || memory === undefined) return { simd: 'off', version: fingerprint('off') };
  if (!WebAssembly.validate(kernelBytes(chosen))) {
    throw new Error(`This engine does not accept the ${chosen} SIMD kernels.`);
  }
  if (heapOf(backend)?.simd !== chosen) {
    joinHeap(await heapOn(backend, chosen, memory));
    allKernels().forEach(register);
    installGateGradients();
  }
  return { simd: chosen, version: fingerprint(chosen) };
}
