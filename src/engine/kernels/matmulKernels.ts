import { broadcast_util, type KernelConfig, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { address, clear, type Heap, output, requireHeap, withScratch } from './heap.ts';

interface MatmulInputs {
  a: TensorInfo;
  b: TensorInfo;
}

interface MatmulFlags {
  transposeA: boolean;
  transposeB: boolean;
}

/** How a broadcast batch walks the matrices of one operand: its index for each matrix of the result. */
function batchIndex(dims: readonly number[], outDims: readonly number[]): (batch: number) => number {
  const own = util.sizeFromShape([...dims]);
  const all = util.sizeFromShape([...outDims]);
  if (own === all) return (batch) => batch;
  if (own === 1) return () => 0;
  const padded = [...Array<number>(outDims.length - dims.length).fill(1), ...dims];
  return (batch) => {
    let index = 0;
    let scale = 1;
    for (let axis = outDims.length - 1; axis >= 0; axis--) {
      if (padded[axis] !== 1) index += (batch % outDims[axis]!) * scale;
      scale *= padded[axis]!;
      batch = Math.floor(batch / outDims[axis]!);
    }
    return index;
  };
}

/** A·B over broadcast batch dimensions, either operand transposed; an empty inner dimension gives zeros. */
export function batchMatMul(
  heap: Heap,
  { a, b }: MatmulInputs,
  { transposeA, transposeB }: MatmulFlags,
): TensorInfo {
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [m, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [bInner, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
  if (inner !== bInner) {
    throw new RangeError(
      `matMul: inner dimensions ${inner} and ${bInner} differ ([${a.shape.join(', ')}] · [${b.shape.join(', ')}]).`,
    );
  }
  if (a.dtype !== 'float32' || b.dtype !== 'float32') throw new TypeError('matMul takes float32 tensors.');
  const outDims = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const out = output(heap, [...outDims, m, n]);
  const batches = util.sizeFromShape(outDims);
  if (batches * m * n === 0) return out;
  if (inner === 0) {
    clear(heap, out);
    return out;
  }
  const { matmul, workspaceBytes } = heap.kernels;
  const aOf = batchIndex(a.shape.slice(0, -2), outDims);
  const bOf = batchIndex(b.shape.slice(0, -2), outDims);
  withScratch(heap, workspaceBytes!(0), (scratch) => {
    const [aAt, bAt, outAt] = [address(heap, a), address(heap, b), address(heap, out)];
    for (let batch = 0; batch < batches; batch++) {
      const aMatrix = aAt + aOf(batch) * m * inner * 4;
      const bMatrix = bAt + bOf(batch) * inner * n * 4;
      const c = outAt + batch * m * n * 4;
      matmul!(
        m,
        n,
        inner,
        aMatrix,
        aColumns,
        +transposeA,
        bMatrix,
        bColumns,
        +transposeB,
        c,
        n,
        0,
        -Infinity,
        Infinity,
        scratch,
      );
    }
  });
  return out;
}

/** BatchMatMul over the stock kernel. */
export const matmulKernels: readonly KernelConfig[] = [
  {
    kernelName: 'BatchMatMul',
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) =>
      batchMatMul(requireHeap(backend), inputs as unknown as MatmulInputs, attrs as unknown as MatmulFlags),
  },
];
