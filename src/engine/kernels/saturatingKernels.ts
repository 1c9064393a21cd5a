import { getKernel, type KernelConfig, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { address, floatsAt, output, requireHeap, withScratch } from './heap.ts';

/** An odd function that saturates at ±1: x·P(x²)/Q(x²) up to `limit`, beyond which float32 cannot tell it from ±1. */
interface Saturating {
  readonly limit: number;
  /** Six coefficients of P and five of Q after its leading 1, from the lowest on. */
  readonly coefficients: readonly number[];
}

/** Minimax fits in relative error (Lawson's reweighting), 3·10⁻⁷ when evaluated in float32. */
const functions: Readonly<Record<string, Saturating>> = {
  Erf: {
    limit: 3.92,
    coefficients: [
      1.1283791462040345, 0.1904054348948162, 0.05274859348674732, 0.0037655739202510853,
      0.0002848819633176156, 2.0500982889047974e-6, 0.5020751645415723, 0.11410869097290484,
      0.0149691312081585, 0.0011625254025284216, 3.809178836937697e-5,
    ],
  },
  Tanh: {
    limit: 9,
    coefficients: [
      0.9999999795202764, 0.13381034144300324, 0.003495597946557076, 2.0609232885431366e-5,
      1.335484974974545e-8, 0, 0.46714349754240203, 0.025877020278044505, 0.0003285650398951886,
      7.776639645778137e-7, 0,
    ],
  },
};

function kernel(
  kernelName: string,
  { limit, coefficients }: Saturating,
  stock: KernelFunc | undefined,
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: (call) => {
      const heap = requireHeap(call.backend);
      const x = call.inputs['x'] as TensorInfo;
      if (x.dtype !== 'float32' && stock !== undefined) return stock(call);
      const out = output(heap, x.shape);
      const size = util.sizeFromShape(x.shape);
      if (size === 0) return out;
      withScratch(heap, 4 * coefficients.length, (table) => {
        floatsAt(heap, table, coefficients.length).set(coefficients);
        heap.kernels.oddRational!(address(heap, x), address(heap, out), size, limit, table);
      });
      return out;
    },
  };
}

/** erf and tanh, which the stock backend computes one by one. Call before the stock kernels are replaced. */
export function saturatingKernels(): readonly KernelConfig[] {
  return Object.entries(functions).map(([name, of]) => kernel(name, of, getKernel(name, 'wasm')?.kernelFunc));
}
