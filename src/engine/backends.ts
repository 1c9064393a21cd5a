import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { type BackendWasm, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import simdBytes from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../model/plan.ts';
import { type Generator, heapGenerator, referenceGenerator } from './draws/generator.ts';
import { installFallbackKernels } from './fallbackKernels.ts';
import { emscripten, heapOf } from './kernels/heap.ts';
import { installKernels } from './kernels/install.ts';
import { openOwnMemory } from './kernels/ownMemory.ts';
import { installSharedIdentity } from './sharedIdentity.ts';
import { installSinglePartGradients } from './singleParts.ts';
import { copiedStatistics, heapStatistics, plainStatistics, type Statistics } from './statistics.ts';

/** What only the host can bring. */
export interface BackendHost {
  /**
   * Loads `@tensorflow/tfjs-node`, which registers the backend `tensorflow` with the one tfjs engine of this process; rejects with
   * one line when it is not installed or does not load.
   */
  readonly loadTensorflow?: () => Promise<{ readonly version: string }>;
}

/** An open backend: the current one of tfjs until another is opened. */
export interface EngineBackend {
  readonly name: Backend;
  /** Which kernels run: `own-relaxed`, `own-plain` or `stock`. */
  readonly kernels: string;
  readonly version: string;
  /** The values of a float tensor without a copy where the backend allows it; valid until the next operation. */
  view(tensor: tf.TensorInfo): Float32Array;
  readonly statistics: Statistics;
  readonly generator: Generator;
  /** Bytes of the heap that never shrinks (wasm), else 0. */
  heapBytes(): number;
}

const EMBEDDED = 'initscope:tfjs-backend-wasm';

/** Lets tfjs read its wasm file from this bundle: its loader fetches one address, which is answered here with what it asks of a `Response` (Node loads a client for the real one). */
function embedWasm(): () => void {
  const names = [
    'tfjs-backend-wasm.wasm',
    'tfjs-backend-wasm-simd.wasm',
    'tfjs-backend-wasm-threaded-simd.wasm',
  ];
  setWasmPaths(Object.fromEntries(names.map((name) => [name, EMBEDDED])), true);
  const platform = tf.env().platform;
  const original = platform.fetch.bind(platform);
  const embedded = { ok: true, arrayBuffer: () => Promise.resolve(simdBytes) } as unknown as Response;
  platform.fetch = (path, init) => (path === EMBEDDED ? Promise.resolve(embedded) : original(path, init));
  return () => {
    platform.fetch = original;
  };
}

interface CpuHeap {
  readonly data: { get(dataId: object): { values: Float32Array } };
}

async function use(name: string): Promise<tf.KernelBackend> {
  if (!(await tf.setBackend(name))) throw new Error(`The backend ${name} did not start.`);
  await tf.ready();
  return tf.backend();
}

/** A backend that runs the reference statistics and draws. */
function plainBackend(
  name: Backend,
  version: string,
  view: EngineBackend['view'],
  heapBytes: () => number = () => 0,
): EngineBackend {
  return {
    name,
    kernels: 'stock',
    version,
    view,
    heapBytes,
    statistics: plainStatistics(view),
    generator: referenceGenerator,
  };
}

async function openCpu(): Promise<EngineBackend> {
  const heap = (await use('cpu')) as unknown as CpuHeap;
  return plainBackend('cpu', tf.version_core, (tensor) => heap.data.get(tensor.dataId).values);
}

async function openWasm(kernels: string): Promise<EngineBackend> {
  const restore = embedWasm();
  const wasm = (await use('wasm').finally(restore)) as BackendWasm;
  installSharedIdentity();
  const plain = plainBackend(
    'wasm',
    version_wasm,
    (tensor) => wasm.typedArrayFromHeap(tensor) as Float32Array,
    () => emscripten(wasm).HEAPU8.byteLength,
  );
  const simd = kernels === 'stock' ? 'off' : kernels === 'own-plain' ? 'plain' : 'auto';
  const installed = await installKernels(wasm, { simd });
  installFallbackKernels(installed.simd !== 'off');
  const heap = heapOf(wasm);
  if (installed.simd === 'off' || heap === undefined) return plain;
  return {
    ...plain,
    kernels: `own-${installed.simd}`,
    statistics: heapStatistics(heap, plain.view),
    generator: heapGenerator(heap),
  };
}

async function openTensorflow(host: BackendHost): Promise<EngineBackend> {
  if (host.loadTensorflow === undefined) throw new Error('The native backend needs Node.js.');
  const { version } = await host.loadTensorflow();
  const backend = await use('tensorflow');
  const view = (tensor: tf.TensorInfo) => backend.readSync(tensor.dataId) as Float32Array;
  const plain = plainBackend('tensorflow', version, view);
  const memory = await openOwnMemory();
  return memory === undefined ? plain : { ...plain, statistics: copiedStatistics(memory, view) };
}

/**
 * Opens a backend and makes it current. `kernels` is the plan's wish for wasm: `stock`, `own-plain`, or anything else for the best that runs
 * here; what runs stands in the result. Rejects with an Error in one line when it cannot run here; `python` is not ours to open.
 */
export async function openBackend(
  name: Backend,
  host: BackendHost = {},
  kernels = 'own-relaxed',
): Promise<EngineBackend> {
  tf.env().set('PROD', true);
  installSinglePartGradients();
  switch (name) {
    case 'cpu':
      return openCpu();
    case 'wasm':
      return openWasm(kernels);
    case 'tensorflow':
      return openTensorflow(host);
    case 'python':
      throw new Error('The python backend runs in the user’s interpreter, not in this engine.');
  }
}
