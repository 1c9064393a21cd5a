import {
  backend as currentBackend,
  cast,
  engine,
  getGradient,
  getKernel,
  type KernelConfig,
  type KernelFunc,
  lessEqual,
  mul,
  registerGradient,
  step,
  type Tensor,
  type TensorInfo,
  unregisterGradient,
  util,
} from '@tensorflow/tfjs-core';
import { address, clear, heapOf, output, requireHeap } from './heap.ts';

const gateKernel = 'InitscopeGate';

/** [outer, middle, inner] of a reduction whose axes lie side by side; undefined for any other. */
function contiguous(shape: readonly number[], axes: readonly number[]): [number, number, number] | undefined {
  const first = axes[0] ?? shape.length;
  if (axes.some((axis, i) => axis !== first + i)) return undefined;
  const end = first + axes.length;
  const size = (from: number, to: number) => util.sizeFromShape(shape.slice(from, to));
  return [size(0, first), size(first, end), size(end, shape.length)];
}

/** Sum over axes side by side without a transposed copy; everything else (and other types) goes to the stock kernel. */
function sumKernel(stock: KernelFunc | undefined): KernelConfig {
  return {
    kernelName: 'Sum',
    backendName: 'wasm',
    kernelFunc: (call) => {
      const heap = requireHeap(call.backend);
      const x = call.inputs['x'] as TensorInfo;
      const { axis, keepDims } = call.attrs as unknown as { axis: number | number[]; keepDims: boolean };
      const axes = util.parseAxisParam(axis, x.shape).toSorted((a, b) => a - b);
      const parts = contiguous(x.shape, axes);
      const none = util.sizeFromShape(x.shape) === 0;
      if (!none && stock !== undefined && (parts === undefined || x.dtype !== 'float32')) return stock(call);
      if (parts === undefined && !none)
        throw new RangeError(`The embedded engine cannot sum over the axes ${axes.join(', ')}.`);
      const shape = keepDims
        ? x.shape.map((size, i) => (axes.includes(i) ? 1 : size))
        : x.shape.filter((_, i) => !axes.includes(i));
      const out = output(heap, shape);
      if (parts === undefined || parts.includes(0)) clear(heap, out);
      else heap.kernels.sumMiddle!(address(heap, x), ...parts, address(heap, out));
      return out;
    },
  };
}

const gate: KernelConfig = {
  kernelName: gateKernel,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const heap = requireHeap(backend);
    const { x, dy } = inputs as Record<string, TensorInfo>;
    const out = output(heap, x!.shape);
    const size = util.sizeFromShape(x!.shape);
    const { low, high } = attrs as unknown as { low: number; high: number };
    if (size > 0)
      heap.kernels.gate!(address(heap, x!), address(heap, dy!), low, high, address(heap, out), size);
    return out;
  },
};

/** relu and relu6; unlike the stock ones they let NaN through, as every framework does. */
function rectifier(kernelName: string, high: number): KernelConfig {
  const stock = getKernel(kernelName, 'wasm')?.kernelFunc;
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: (call) => {
      const x = call.inputs['x'] as TensorInfo;
      if (x.dtype !== 'float32' && stock !== undefined) return stock(call);
      const heap = requireHeap(call.backend);
      const out = output(heap, x.shape);
      const size = util.sizeFromShape(x.shape);
      if (size > 0) heap.kernels.clamp!(address(heap, x), 0, high, address(heap, out), size);
      return out;
    },
  };
}

const segmentSum: KernelConfig = {
  kernelName: 'UnsortedSegmentSum',
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const heap = requireHeap(backend);
    const { x, segmentIds } = inputs as Record<string, TensorInfo>;
    const segments = attrs?.['numSegments'] as number;
    const rank = segmentIds!.shape.length;
    if (rank !== 1) throw new RangeError(`Segment ids have one axis, not ${rank}.`);
    const rest = x!.shape.slice(1);
    const out = output(heap, [segments, ...rest]);
    const width = util.sizeFromShape(rest);
    if (segments * width > 0) {
      heap.kernels.segmentSum!(
        address(heap, x!),
        address(heap, segmentIds!),
        segmentIds!.shape[0]!,
        width,
        segments,
        address(heap, out),
      );
    }
    return out;
  },
};

/** Sum, the gradient of an embedding's gather, relu and relu6, and the gates of their gradients. Call before the stock kernels are replaced. */
export function reductionKernels(): readonly KernelConfig[] {
  const rectifiers = [rectifier('Relu', Infinity), rectifier('Relu6', 6)];
  return [sumKernel(getKernel('Sum', 'wasm')?.kernelFunc), gate, segmentSum, ...rectifiers];
}

/** dy where the value that was kept is inside (0, high], in one pass where our kernels run. */
function gated(dy: Tensor, kept: Tensor, high: number): Tensor {
  if (heapOf(currentBackend()) !== undefined)
    return engine().runKernel(gateKernel, { x: kept, dy }, { low: 0, high }) as Tensor;
  const passed = mul(dy, step(kept));
  return high < Infinity ? mul(passed, cast(lessEqual(kept, high), 'float32')) : passed;
}

/**
 * Installs the gradients of relu and relu6. relu keeps its output, which the next product keeps anyway, and not its input; relu6 must see
 * by its input whether it was cut.
 */
export function installGateGradients(): void {
  const keeps = { Relu: { outputsToSave: [true] }, Relu6: { inputsToSave: ['x'] } };
  for (const [kernelName, kept] of Object.entries(keeps)) {
    const high = kernelName === 'Relu' ? Infinity : 6;
    if (getGradient(kernelName) !== undefined) unregisterGradient(kernelName);
    registerGradient({
      kernelName,
      ...kept,
      gradFunc: (dy, [value]) => ({ x: () => gated(dy as Tensor, value!, high) }),
    });
  }
}
