import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import simdBytes from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../model/plan.ts';
import { installFallbackKernels } from './fallbackKernels.ts';
import { installSharedIdentity } from './sharedIdentity.ts';

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
  /** Bytes of the heap that never shrinks (wasm), else 0. */
  heapBytes(): number;
}

const EMBEDDED = 'initscope:tfjs-backend-wasm';

/** Lets tfjs read its wasm file from this bundle: its loader fetches one address, which is answered here. */
function embedWasm(): () => void {
  const names = [
    'tfjs-backend-wasm.wasm',
    'tfjs-backend-wasm-simd.wasm',
    'tfjs-backend-wasm-threaded-simd.wasm',
  ];
  setWasmPaths(Object.fromEntries(names.map((name) => [name, EMBEDDED])), true);
  const platform = tf.env().platform;
  const original = platform.fetch.bind(platform);
  platform.fetch = (path, init) =>
    path === EMBEDDED ? Promise.resolve(new Response(simdBytes)) : original(path, init);
  return () => {
    platform.fetch = original;
  };
}

interface CpuHeap {
  readonly data: { get(dataId: object): { values: Float32Array } };
}
interface WasmHeap {
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
  readonly wasm: { readonly HEAPU8: Uint8Array };
}

async function use(name: string): Promise<tf.KernelBackend> {
  if (!(await tf.setBackend(name))) throw new Error(`The backend ${name} did not start.`);
  await tf.ready();
  return tf.backend();
}

async function openCpu(): Promise<EngineBackend> {
  const heap = (await use('cpu')) as unknown as CpuHeap;
  const view = (tensor: tf.TensorInfo) => heap.data.get(tensor.dataId).values;
  return { name: 'cpu', kernels: 'stock', version: tf.version_core, view, heapBytes: () => 0 };
}

async function openWasm(): Promise<EngineBackend> {
  const restore = embedWasm();
  const heap = (await use('wasm').finally(restore)) as unknown as WasmHeap;
  installSharedIdentity();
  installFallbackKernels();
  return {
    name: 'wasm',
    kernels: 'stock',
    version: version_wasm,
    view: (tensor) => heap.typedArrayFromHeap(tensor),
    heapBytes: () => heap.wasm.HEAPU8.byteLength,
  };
}

async function openTensorflow(host: BackendHost): Promise<EngineBackend> {
  if (host.loadTensorflow === undefined) throw new Error('The native backend needs Node.js.');
  const { version } = await host.loadTensorflow();
  const backend = await use('tensorflow');
  const view = (tensor: tf.TensorInfo) => backend.readSync(tensor.dataId) as Float32Array;
  return { name: 'tensorflow', kernels: 'stock', version, view, heapBytes: () => 0 };
}

/** Opens a backend and makes it current. Rejects with an Error in one line when it cannot run here; `python` is not ours to open. */
export async function openBackend(name: Backend, host: BackendHost = {}): Promise<EngineBackend> {
  tf.env().set('PROD', true);
  switch (name) {
    case 'cpu':
      return openCpu();
    case 'wasm':
      return openWasm();
    case 'tensorflow':
      return openTensorflow(host);
    case 'python':
      throw new Error('The python backend runs in the user’s interpreter, not in this engine.');
  }
}
