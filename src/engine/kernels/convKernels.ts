import {
  backend_util,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { type ConvGeometry, convGeometry, type ConvOptions, paddingBefore } from './convGeometry.ts';
import { address, clear, type Heap, type HeapTensor, output, requireHeap, withScratch } from './heap.ts';
import { throughTiles, tilesPay } from './winograd.ts';

function setGeometry(heap: Heap, g: ConvGeometry): number {
  heap.kernels.convGeometry!(
    g.batch,
    g.groups,
    g.inChannels,
    g.outChannels,
    ...g.input,
    ...g.output,
    ...g.kernel,
    ...g.strides,
    ...g.dilations,
    ...g.padding,
  );
  return heap.kernels.workspaceBytes!(util.sizeFromShape([...g.kernel]));
}

const empty = (...shapes: readonly (readonly number[])[]) => shapes.some((shape) => shape.includes(0));

/** conv(x, filter): the result has `shape`, which holds the same elements as [batch, …output, groups·outChannels]. */
export function convForward(
  heap: Heap,
  g: ConvGeometry,
  x: HeapTensor,
  filter: HeapTensor,
  shape: readonly number[],
): TensorInfo {
  const y = output(heap, shape);
  if (empty(x.shape, filter.shape, shape)) {
    clear(heap, y);
    return y;
  }
  if (tilesPay(heap, g) && throughTiles(heap, 'Forward', g, x, filter, y)) return y;
  withScratch(heap, setGeometry(heap, g), (scratch) => {
    heap.kernels.convForward!(
      address(heap, x),
      address(heap, filter),
      address(heap, y),
      0,
      -Infinity,
      Infinity,
      scratch,
    );
  });
  return y;
}

/** The gradient of the input of conv; equally the forward pass of the transposed convolution with that filter. */
export function convInputGradient(
  heap: Heap,
  g: ConvGeometry,
  dy: HeapTensor,
  filter: HeapTensor,
  shape: readonly number[],
): TensorInfo {
  const dx = output(heap, shape);
  if (empty(dy.shape, filter.shape, shape)) {
    clear(heap, dx);
    return dx;
  }
  if (tilesPay(heap, g) && throughTiles(heap, 'InputGradient', g, dy, filter, dx)) return dx;
  withScratch(heap, setGeometry(heap, g), (scratch) => {
    heap.kernels.convInputGradient!(address(heap, dy), address(heap, filter), address(heap, dx), 0, scratch);
  });
  return dx;
}

/** The gradient of the filter of conv. */
export function convFilterGradient(
  heap: Heap,
  g: ConvGeometry,
  x: HeapTensor,
  dy: HeapTensor,
  shape: readonly number[],
): TensorInfo {
  const dFilter = output(heap, shape);
  if (empty(dy.shape, x.shape, shape)) {
    clear(heap, dFilter);
    return dFilter;
  }
  if (tilesPay(heap, g) && throughTiles(heap, 'FilterGradient', g, x, dy, dFilter)) return dFilter;
  withScratch(heap, setGeometry(heap, g), (scratch) => {
    heap.kernels.convFilterGradient!(address(heap, x), address(heap, dy), address(heap, dFilter), scratch);
  });
  return dFilter;
}

type Shape4 = [number, number, number, number];
type Shape5 = [number, number, number, number, number];

interface StockAttributes {
  strides: number | [number, number];
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: number | [number, number];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The geometry of a stock 2-D convolution kernel, from the same helper the stock kernels use. */
function stockGeometry2d(
  xShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
): [ConvGeometry, number[]] {
  const {
    strides,
    pad,
    dilations = 1,
    dimRoundingMode,
    dataFormat = 'NHWC',
  } = attrs as unknown as StockAttributes;
  if (dataFormat !== 'NHWC')
    throw new RangeError(`The embedded engine convolves NHWC tensors only, not ${dataFormat}.`);
  const info = backend_util.computeConv2DInfo(
    xShape as Shape4,
    filterShape as Shape4,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const geometry: ConvGeometry = {
    batch: info.batchSize,
    groups: 1,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    input: [1, info.inHeight, info.inWidth],
    output: [1, info.outHeight, info.outWidth],
    kernel: [1, info.filterHeight, info.filterWidth],
    strides: [1, info.strideHeight, info.strideWidth],
    dilations: [1, info.dilationHeight, info.dilationWidth],
    padding: [0, info.padInfo.top, info.padInfo.left],
  };
  return [geometry, info.outShape];
}

function stockGeometry3d(
  xShape: readonly number[],
  filterShape: readonly number[],
  attrs: NamedAttrMap,
): [ConvGeometry, number[]] {
  const {
    strides,
    pad,
    dilations = 1,
  } = attrs as unknown as { strides: Shape3; pad: 'valid' | 'same'; dilations?: Shape3 };
  const info = backend_util.computeConv3DInfo(
    xShape as Shape5,
    filterShape as Shape5,
    strides,
    dilations,
    pad,
  );
  const geometry: ConvGeometry = {
    batch: info.batchSize,
    groups: 1,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    input: [info.inDepth, info.inHeight, info.inWidth],
    output: [info.outDepth, info.outHeight, info.outWidth],
    kernel: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    padding: paddingBefore(info.padInfo),
  };
  return [geometry, info.outShape];
}

type Shape3 = [number, number, number];
type Inputs = NamedTensorInfoMap;
type Run = (heap: Heap, inputs: Inputs, attrs: NamedAttrMap) => TensorInfo;

function kernel(kernelName: string, run: Run): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) => run(requireHeap(backend), inputs, attrs ?? {}),
  };
}

const shapeIn = (attrs: NamedAttrMap, name: string) => attrs[name] as number[];

/** Names of our own convolution kernels, any rank from 1 to 3 with groups and dilations in every direction (see convolve.ts). */
export const convolutionKernel = 'InitscopeConv';
export const convolutionInputKernel = 'InitscopeConvInputGradient';
export const convolutionFilterKernel = 'InitscopeConvFilterGradient';

function outputShape(g: ConvGeometry, rank: number): number[] {
  return [g.batch, ...g.output.slice(3 - rank), g.groups * g.outChannels];
}

const options = (attrs: NamedAttrMap) => attrs as unknown as ConvOptions;

/** Convolutions over the stock kernels (`Conv2DBackpropFilter` is one the stock backend lacks) and our own ones. */
export const convKernels: readonly KernelConfig[] = [
  kernel('Conv2D', (heap, { x, filter }, attrs) => {
    const [geometry, shape] = stockGeometry2d(x!.shape, filter!.shape, attrs);
    return convForward(heap, geometry, x!, filter!, shape);
  }),
  kernel('Conv2DBackpropInput', (heap, { dy, filter }, attrs) => {
    const [geometry] = stockGeometry2d(shapeIn(attrs, 'inputShape'), filter!.shape, attrs);
    return convInputGradient(heap, geometry, dy!, filter!, shapeIn(attrs, 'inputShape'));
  }),
  kernel('Conv2DBackpropFilter', (heap, { x, dy }, attrs) => {
    const [geometry] = stockGeometry2d(x!.shape, shapeIn(attrs, 'filterShape'), attrs);
    return convFilterGradient(heap, geometry, x!, dy!, shapeIn(attrs, 'filterShape'));
  }),
  kernel('Conv3D', (heap, { x, filter }, attrs) => {
    const [geometry, shape] = stockGeometry3d(x!.shape, filter!.shape, attrs);
    return convForward(heap, geometry, x!, filter!, shape);
  }),
  kernel('Conv3DBackpropInputV2', (heap, { dy, filter }, attrs) => {
    const [geometry] = stockGeometry3d(shapeIn(attrs, 'inputShape'), filter!.shape, attrs);
    return convInputGradient(heap, geometry, dy!, filter!, shapeIn(attrs, 'inputShape'));
  }),
  kernel('Conv3DBackpropFilterV2', (heap, { x, dy }, attrs) => {
    const [geometry] = stockGeometry3d(x!.shape, shapeIn(attrs, 'filterShape'), attrs);
    return convFilterGradient(heap, geometry, x!, dy!, shapeIn(attrs, 'filterShape'));
  }),
  kernel(convolutionKernel, (heap, { x, filter }, attrs) => {
    const geometry = convGeometry(x!.shape, filter!.shape, options(attrs));
    return convForward(heap, geometry, x!, filter!, outputShape(geometry, filter!.shape.length - 2));
  }),
  kernel(convolutionInputKernel, (heap, { dy, filter }, attrs) => {
    const geometry = convGeometry(shapeIn(attrs, 'inputShape'), filter!.shape, options(attrs));
    return convInputGradient(heap, geometry, dy!, filter!, shapeIn(attrs, 'inputShape'));
  }),
  kernel(convolutionFilterKernel, (heap, { x, dy }, attrs) => {
    const geometry = convGeometry(x!.shape, shapeIn(attrs, 'filterShape'), options(attrs));
    return convFilterGradient(heap, geometry, x!, dy!, shapeIn(attrs, 'filterShape'));
  }),
];
