import { type KernelConfig, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { address, clear, type Heap, output, requireHeap, withScratch } from './heap.ts';

/** Names of the normalization kernels; see normalize.ts for what they compute. `Column` normalizes over rows, `Row` along each row. */
export const columnNormKernel = 'InitscopeColumnNorm';
export const columnNormGradientKernel = 'InitscopeColumnNormGradient';
export const rowNormKernel = 'InitscopeRowNorm';
export const rowNormGradientKernel = 'InitscopeRowNormGradient';

type Inputs = Readonly<Record<string, TensorInfo>>;

/** Rows × columns of a tensor whose normalized vector (gamma) has `columns` elements. */
function matrix(x: TensorInfo, gamma: TensorInfo): { rows: number; columns: number } {
  const columns = util.sizeFromShape(gamma.shape);
  const size = util.sizeFromShape(x.shape);
  if (columns > 0 && size % columns !== 0) {
    throw new RangeError(`A scale of ${columns} does not fit a tensor of shape [${x.shape.join(', ')}].`);
  }
  return { rows: columns === 0 ? 0 : size / columns, columns };
}

function columnNorm(heap: Heap, { x, gamma, beta }: Inputs, epsilon: number): TensorInfo[] {
  const { rows, columns } = matrix(x!, gamma!);
  const [y, mean, inverse] = [output(heap, x!.shape), output(heap, [columns]), output(heap, [columns])];
  const { columnMoments, columnNormalize, normBytes } = heap.kernels;
  if (rows > 0) {
    withScratch(heap, normBytes!(columns), (scratch) => {
      const at = (tensor: TensorInfo) => address(heap, tensor);
      columnMoments!(at(x!), rows, columns, epsilon, at(mean), at(inverse), scratch);
      columnNormalize!(at(x!), rows, columns, at(mean), at(inverse), at(gamma!), at(beta!), at(y), scratch);
    });
  }
  return [y, mean, inverse];
}

function rowNorm(heap: Heap, { x, gamma, beta }: Inputs, epsilon: number): TensorInfo[] {
  const { rows, columns } = matrix(x!, gamma!);
  const [y, mean, inverse] = [output(heap, x!.shape), output(heap, [rows]), output(heap, [rows])];
  if (rows > 0) {
    const at = (tensor: TensorInfo) => address(heap, tensor);
    heap.kernels.rowNormalize!(
      at(x!),
      rows,
      columns,
      epsilon,
      at(gamma!),
      at(beta!),
      at(mean),
      at(inverse),
      at(y),
    );
  }
  return [y, mean, inverse];
}

function gradient(
  heap: Heap,
  { x, dy, gamma, mean, inverse }: Inputs,
  name: 'columnGradient' | 'rowGradient',
): TensorInfo[] {
  const { rows, columns } = matrix(x!, gamma!);
  const [dx, dGamma, dBeta] = [
    output(heap, x!.shape),
    output(heap, gamma!.shape),
    output(heap, gamma!.shape),
  ];
  if (rows === 0) {
    clear(heap, dGamma!);
    clear(heap, dBeta!);
    return [dx!, dGamma!, dBeta!];
  }
  withScratch(heap, heap.kernels.normBytes!(columns), (scratch) => {
    const [xAt, dyAt, meanAt, inverseAt, gammaAt, ...outs] = [
      x!,
      dy!,
      mean!,
      inverse!,
      gamma!,
      dx!,
      dGamma!,
      dBeta!,
    ].map((tensor) => address(heap, tensor));
    heap.kernels[name]!(xAt!, dyAt!, rows, columns, meanAt!, inverseAt!, gammaAt!, ...outs, scratch);
  });
  return [dx!, dGamma!, dBeta!];
}

function kernel(
  kernelName: string,
  run: (heap: Heap, inputs: Inputs, epsilon: number) => TensorInfo[],
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) =>
      run(requireHeap(backend), inputs as unknown as Inputs, (attrs?.['epsilon'] as number | undefined) ?? 0),
  };
}

/** Normalization in training mode and its gradients. */
export const normKernels: readonly KernelConfig[] = [
  kernel(columnNormKernel, columnNorm),
  kernel(rowNormKernel, rowNorm),
  kernel(columnNormGradientKernel, (heap, inputs) => gradient(heap, inputs, 'columnGradient')),
  kernel(rowNormGradientKernel, (heap, inputs) => gradient(heap, inputs, 'rowGradient')),
];
