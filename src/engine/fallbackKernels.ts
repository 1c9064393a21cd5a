import * as tf from '@tensorflow/tfjs-core';

/** Kernels of the cpu backend that stock wasm lacks and that models need: the gradients of convolutions and gathers, and their like. */
const DELEGATED: readonly string[] = [
  tf.DepthwiseConv2dNativeBackpropFilter,
  tf.DepthwiseConv2dNativeBackpropInput,
  tf.UnsortedSegmentSum,
  tf.LRN,
  tf.LRNGrad,
];

interface CpuBackend {
  makeTensorInfo(shape: number[], dtype: string, values: tf.TypedArray): tf.TensorInfo;
  readonly data: { get(dataId: object): { values: tf.TypedArray } };
  disposeIntermediateTensorInfo(info: tf.TensorInfo): void;
}
interface WasmBackend {
  readSync(dataId: object): tf.TypedArray;
  makeOutput(shape: number[], dtype: string, offset?: number, values?: tf.TypedArray): tf.TensorInfo;
}

/** Runs the cpu backend's kernel on copies of the inputs and copies the result back. */
function delegate(kernelName: string): tf.KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const wasm = backend as WasmBackend;
      const cpu = tf.findBackend('cpu') as unknown as CpuBackend;
      const kernel = tf.getKernel(kernelName, 'cpu');
      const copies: tf.NamedTensorInfoMap = {};
      for (const [name, info] of Object.entries(inputs)) {
        if (info !== undefined)
          copies[name] = cpu.makeTensorInfo(info.shape, info.dtype, wasm.readSync(info.dataId));
      }
      const result = kernel.kernelFunc({ inputs: copies, backend: cpu, ...(attrs ? { attrs } : {}) });
      const outputs = (Array.isArray(result) ? result : [result]).map((info) => {
        const values = cpu.data.get(info.dataId).values;
        return wasm.makeOutput(info.shape, info.dtype, undefined, values);
      });
      for (const info of [...Object.values(copies), ...(Array.isArray(result) ? result : [result])]) {
        if (info !== undefined) cpu.disposeIntermediateTensorInfo(info);
      }
      return Array.isArray(result) ? outputs : outputs[0]!;
    },
  };
}

interface ConvAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/**
 * ∂L/∂filter of a 2-D convolution (NHWC) as a convolution: channels of x become the batch, the batch becomes the channels, and dy is
 * the filter; strides and dilation change places.
 */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, attributes: ConvAttributes): tf.Tensor4D {
  const { strides, pad, dimRoundingMode, filterShape } = attributes;
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const { top, bottom, left, right } = info.padInfo;
  const padded = tf.pad4d(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const images = tf.transpose(padded, [3, 1, 2, 0]) as tf.Tensor4D;
  const filter = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
  const dilation: [number, number] = [info.strideHeight, info.strideWidth];
  const full = tf.conv2d(images, filter, 1, 'valid', 'NHWC', dilation);
  const [height, width, inputs, outputs] = filterShape;
  return tf.transpose(tf.slice4d(full, [0, 0, 0, 0], [inputs, height, width, outputs]), [1, 2, 0, 3]);
}

const conv2DBackpropFilter: tf.KernelConfig = {
  kernelName: tf.Conv2DBackpropFilter,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    const [x, dy] = [inputs['x'], inputs['dy']] as unknown as [tf.Tensor4D, tf.Tensor4D];
    return tf.tidy(() => filterGradient(x, dy, attrs as unknown as ConvAttributes));
  },
};

/** Of the wrong ones, those that our kernels replace. */
const OWN: readonly string[] = [tf.MaxPoolGrad, tf.Conv3DBackpropInputV2, tf.Conv3DBackpropFilterV2];

/** Stock wasm kernels whose results are wrong (found against the cpu backend, tests/reference): the cpu's are taken. */
const WRONG: readonly string[] = [tf.MaxPoolGrad, tf.Conv3DBackpropInputV2, tf.Conv3DBackpropFilterV2];

/**
 * Registers, on wasm, what the stock backend lacks, and the cpu's kernels over wrong ones. With our own kernels installed those that they bring stay.
 */
export function installFallbackKernels(own: boolean): void {
  for (const name of WRONG) {
    if (own && OWN.includes(name)) continue;
    tf.unregisterKernel(name, 'wasm');
    tf.registerKernel(delegate(name));
  }
  for (const config of [conv2DBackpropFilter, ...DELEGATED.map(delegate)]) {
    if (tf.getKernel(config.kernelName, 'wasm') === undefined) tf.registerKernel(config);
  }
}
