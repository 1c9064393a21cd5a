import { backend_util, type KernelConfig, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { address, clear, type Heap, output, requireHeap, withScratch } from './heap.ts';

type Shape4 = [number, number, number, number];

interface Attributes {
  strides: number | [number, number];
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dilations?: number | [number, number];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  inputShape: number[];
  filterShape: number[];
}

/** Sets the geometry for the call that follows and runs it with scratch of the size it needs, or clears an output that has no terms. */
function run(
  heap: Heap,
  [xShape, filterShape, outShape]: readonly (readonly number[])[],
  attrs: Attributes,
  call: (out: number, scratch: number) => void,
): TensorInfo {
  const { strides, pad, dilations = 1, dimRoundingMode } = attrs;
  const info = backend_util.computeConv2DInfo(
    xShape as Shape4,
    filterShape as Shape4,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
  const out = output(heap, outShape ?? info.outShape);
  if ([xShape, filterShape, info.outShape].some((shape) => shape!.includes(0))) {
    clear(heap, out);
    return out;
  }
  const { kernels } = heap;
  kernels.depthwiseGeometry!(
    info.batchSize,
    info.inChannels,
    info.outChannels / info.inChannels,
    info.inHeight,
    info.inWidth,
    info.outHeight,
    info.outWidth,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
  );
  const bytes = kernels.depthwiseBytes!(info.filterHeight * info.filterWidth);
  withScratch(heap, bytes, (scratch) => call(address(heap, out), scratch));
  return out;
}

type Inputs = Readonly<Record<string, TensorInfo>>;

function kernel(
  kernelName: string,
  make: (heap: Heap, inputs: Inputs, attrs: Attributes) => TensorInfo,
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }: { inputs: object; backend: unknown; attrs?: NamedAttrMap }) =>
      make(requireHeap(backend), inputs as Inputs, attrs as unknown as Attributes),
  };
}

/** Depthwise convolution in its three directions; the stock backend has only the first. */
export const depthwiseKernels: readonly KernelConfig[] = [
  kernel('DepthwiseConv2dNative', (heap, { x, filter }, attrs) =>
    run(heap, [x!.shape, filter!.shape], attrs, (out, scratch) => {
      heap.kernels.depthwiseForward!(address(heap, x!), address(heap, filter!), out, scratch);
    }),
  ),
  kernel('DepthwiseConv2dNativeBackpropInput', (heap, { dy, filter }, attrs) =>
    run(heap, [attrs.inputShape, filter!.shape, attrs.inputShape], attrs, (out, scratch) => {
      heap.kernels.depthwiseInputGradient!(address(heap, dy!), address(heap, filter!), out, scratch);
    }),
  ),
  kernel('DepthwiseConv2dNativeBackpropFilter', (heap, { x, dy }, attrs) =>
    run(heap, [x!.shape, attrs.filterShape, attrs.filterShape], attrs, (out) => {
      heap.kernels.depthwiseFilterGradient!(address(heap, x!), address(heap, dy!), out);
    }),
  ),
];
