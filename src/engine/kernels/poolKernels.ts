import {
  backend_util,
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { paddingBefore } from './convGeometry.ts';
import { address, clear, type Heap, output, requireHeap, withScratch } from './heap.ts';

type Shape4 = [number, number, number, number];
type Shape5 = [number, number, number, number, number];
type Inputs = Readonly<Record<string, TensorInfo>>;

interface Attributes {
  filterSize: never;
  strides: never;
  pad: never;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The geometry in the order of as/pool.ts, from the helper the stock kernels use; its second part is the shape of the output. */
function geometry(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: Attributes,
): [number[], number[]] {
  if (shape.length === 4) {
    const p = backend_util.computePool2DInfo(shape as Shape4, filterSize, strides, 1, pad, dimRoundingMode);
    const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth } =
      p;
    const sizes = [
      1,
      inHeight,
      inWidth,
      1,
      outHeight,
      outWidth,
      1,
      filterHeight,
      filterWidth,
      1,
      strideHeight,
      strideWidth,
    ];
    return [[p.batchSize, p.inChannels, ...sizes, 0, p.padInfo.top, p.padInfo.left], p.outShape];
  }
  const p = backend_util.computePool3DInfo(shape as Shape5, filterSize, strides, 1, pad, dimRoundingMode);
  const { inDepth, inHeight, inWidth, outDepth, outHeight, outWidth } = p;
  const filter = [p.filterDepth, p.filterHeight, p.filterWidth];
  const steps = [p.strideDepth, p.strideHeight, p.strideWidth, ...paddingBefore(p.padInfo)];
  return [
    [
      p.batchSize,
      p.inChannels,
      inDepth,
      inHeight,
      inWidth,
      outDepth,
      outHeight,
      outWidth,
      ...filter,
      ...steps,
    ],
    p.outShape,
  ];
}

function poolGradient(
  heap: Heap,
  { dy, input, output: y }: Inputs,
  attrs: Attributes,
  largest: boolean,
): TensorInfo {
  const dx = output(heap, input!.shape);
  const [numbers, outShape] = geometry(input!.shape, attrs);
  if (util.sizeFromShape(input!.shape) === 0 || util.sizeFromShape(outShape) === 0) {
    clear(heap, dx);
    return dx;
  }
  heap.kernels.poolGeometry!(...numbers);
  withScratch(heap, numbers[1]! * 4, (done) => {
    const [x, max] = largest ? [address(heap, input!), address(heap, y!)] : [0, 0];
    heap.kernels.poolGradient!(x, max, address(heap, dy!), address(heap, dx), done);
  });
  return dx;
}

function poolForward(heap: Heap, { x }: Inputs, attrs: Attributes, largest: boolean): TensorInfo {
  const [numbers, outShape] = geometry(x!.shape, attrs);
  const y = output(heap, outShape);
  if (util.sizeFromShape(outShape) === 0) return y;
  heap.kernels.poolGeometry!(...numbers);
  heap.kernels.poolForward!(address(heap, x!), address(heap, y), +largest);
  return y;
}

type Pool = typeof poolGradient;

function kernel(kernelName: string, pool: Pool, largest: boolean): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }: { inputs: object; backend: unknown; attrs?: NamedAttrMap }) =>
      pool(requireHeap(backend), inputs as Inputs, attrs as unknown as Attributes, largest),
  };
}

/**
 * Pooling in 3-D (the stock maximum is wrong for negative values) and the gradients of pooling in 2-D and 3-D. Of equal maxima the first gets the gradient, as on the cpu backend. An average over a window that reaches into the padding is
 * divided by the elements inside, as the forward pass does (the cpu backend's gradient divides by the whole window there, against its own forward pass).
 */
export const poolKernels: readonly KernelConfig[] = [
  kernel('MaxPool3D', poolForward, true),
  kernel('AvgPool3D', poolForward, false),
  kernel('MaxPoolGrad', poolGradient, true),
  kernel('MaxPool3DGrad', poolGradient, true),
  kernel('AvgPoolGrad', poolGradient, false),
  kernel('AvgPool3DGrad', poolGradient, false),
];
