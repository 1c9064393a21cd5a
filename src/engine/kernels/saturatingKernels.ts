import { getKernel, type KernelConfig, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { address, output, requireHeap } from './heap.ts';

function kernel(kernelName: 'Erf' | 'Tanh'): KernelConfig {
  const stock = getKernel(kernelName, 'wasm')?.kernelFunc;
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: (call) => {
      const heap = requireHeap(call.backend);
      const x = call.inputs['x'] as TensorInfo;
      if (x.dtype !== 'float32' && stock !== undefined) return stock(call);
      const out = output(heap, x.shape);
      const size = util.sizeFromShape(x.shape);
      if (size > 0)
        heap.kernels.saturating!(address(heap, x), address(heap, out), size, +(kernelName === 'Erf'));
      return out;
    },
  };
}

/** Names of the kernels of x·Φ(x) and its gradient. */
export const geluKernel = 'InitscopeGelu';
export const geluGradientKernel = 'InitscopeGeluGradient';

const gelu: KernelConfig = {
  kernelName: geluKernel,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend }) => {
    const heap = requireHeap(backend);
    const x = inputs['x'] as TensorInfo;
    const out = output(heap, x.shape);
    const size = util.sizeFromShape(x.shape);
    if (size > 0) heap.kernels.gelu!(address(heap, x), address(heap, out), size);
    return out;
  },
};

const geluGradient: KernelConfig = {
  kernelName: geluGradientKernel,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend }) => {
    const heap = requireHeap(backend);
    const { x, dy } = inputs as Record<string, TensorInfo>;
    const out = output(heap, x!.shape);
    const size = util.sizeFromShape(x!.shape);
    if (size > 0) heap.kernels.geluGradient!(address(heap, x!), address(heap, dy!), address(heap, out), size);
    return out;
  },
};

/** erf and tanh, which the stock backend computes one by one, and gelu in one pass. Call before the stock kernels are replaced. */
export function saturatingKernels(): readonly KernelConfig[] {
  return [kernel('Erf'), kernel('Tanh'), gelu, geluGradient];
}
