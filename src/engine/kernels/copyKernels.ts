import {
  backend_util,
  getKernel,
  type KernelConfig,
  type KernelFunc,
  slice_util,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { address, type Heap, output, requireHeap } from './heap.ts';

/** Elements before, on and after an axis. */
function around(shape: readonly number[], axis: number): [outer: number, inner: number] {
  return [util.sizeFromShape(shape.slice(0, axis)), util.sizeFromShape(shape.slice(axis + 1))];
}

/** The part [begin, begin + size) of one axis as a tensor of the given shape. */
function partOf(
  heap: Heap,
  x: TensorInfo,
  axis: number,
  begin: number,
  size: number,
  shape: readonly number[],
): TensorInfo {
  const out = output(heap, shape, x.dtype);
  const [outer, inner] = around(x.shape, axis);
  const run = size * inner * 4;
  if (outer * run === 0) return out;
  const step = x.shape[axis]! * inner * 4;
  heap.kernels.copyRuns!(address(heap, x) + begin * inner * 4, step, address(heap, out), run, run, outer);
  return out;
}

/** Numbers of four bytes, which is what `copyRuns` copies. */
function isWide({ dtype }: TensorInfo): boolean {
  return dtype === 'float32' || dtype === 'int32';
}

function replacing(
  kernelName: string,
  run: (call: Parameters<KernelFunc>[0]) => TensorInfo | TensorInfo[] | undefined,
) {
  const stock = getKernel(kernelName, 'wasm')?.kernelFunc;
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: (call) => {
      const result = run(call);
      if (result !== undefined) return result;
      if (stock === undefined) throw new Error(`The embedded engine has no ${kernelName} for this type.`);
      return stock(call);
    },
  } satisfies KernelConfig;
}

/** Slices one axis after the other, the last first, so that little is copied twice. */
const slice = () =>
  replacing('Slice', ({ inputs, backend, attrs }) => {
    const heap = requireHeap(backend);
    const x = inputs['x'] as TensorInfo;
    const { begin, size } = attrs as unknown as { begin: number | number[]; size: number | number[] };
    if (!isWide(x)) return undefined;
    const [from, sizes] = slice_util.parseSliceParams(x as never, begin, size) as [number[], number[]];
    slice_util.assertParamsValid(x as never, from, sizes);
    const cut = sizes.flatMap((length, axis) => (length === x.shape[axis] ? [] : [axis]));
    if (cut.length === 0) cut.push(0);
    if (x.shape.length === 0) return undefined;
    let current = x;
    for (const axis of cut) {
      const shape = current.shape.map((length, i) => (i === axis ? sizes[i]! : length));
      const next = partOf(heap, current, axis, from[axis]!, sizes[axis]!, shape);
      if (current !== x) heap.backend.disposeData(current.dataId);
      current = next;
    }
    return current;
  });

const unpack = () =>
  replacing('Unpack', ({ inputs, backend, attrs }) => {
    const x = inputs['value'] as TensorInfo;
    if (!isWide(x)) return undefined;
    const given = attrs?.['axis'] as number;
    const axis = given < 0 ? given + x.shape.length : given;
    const shape = x.shape.filter((_, i) => i !== axis);
    return Array.from({ length: x.shape[axis]! }, (_, i) =>
      partOf(requireHeap(backend), x, axis, i, 1, shape),
    );
  });

const splitV = () =>
  replacing('SplitV', ({ inputs, backend, attrs }) => {
    const x = inputs['x'] as TensorInfo;
    if (!isWide(x)) return undefined;
    const { numOrSizeSplits, axis: given } = attrs as unknown as {
      numOrSizeSplits: number | number[];
      axis: number;
    };
    const axis = util.parseAxisParam(given, x.shape)[0]!;
    const sizes = backend_util.prepareSplitSize(x as never, numOrSizeSplits, axis);
    let begin = 0;
    return sizes.map((size) => {
      const shape = x.shape.map((length, i) => (i === axis ? size : length));
      begin += size;
      return partOf(requireHeap(backend), x, axis, begin - size, size, shape);
    });
  });

function joined(
  heap: Heap,
  parts: readonly TensorInfo[],
  axis: number,
  shape: readonly number[],
  inner: number,
) {
  const out = output(heap, shape, parts[0]!.dtype);
  const outer = util.sizeFromShape(shape.slice(0, axis));
  const total = parts.reduce((sum, part) => sum + (part.shape[axis] ?? 1), 0) * inner * 4;
  let at = address(heap, out);
  for (const part of parts) {
    const run = (util.sizeFromShape(part.shape) * 4) / Math.max(1, outer);
    if (run > 0) heap.kernels.copyRuns!(address(heap, part), run, at, total, run, outer);
    at += run;
  }
  return out;
}

const concat = () =>
  replacing('Concat', ({ inputs, backend, attrs }) => {
    const parts = inputs as unknown as TensorInfo[];
    if (!parts.every((part) => isWide(part) && part.dtype === parts[0]!.dtype)) return undefined;
    const axis = util.parseAxisParam(attrs?.['axis'] as number, parts[0]!.shape)[0]!;
    const shapes = parts.map(({ shape }) => shape);
    backend_util.assertParamsConsistent(shapes, axis);
    const shape = backend_util.computeOutShape(shapes, axis);
    return joined(requireHeap(backend), parts, axis, shape, util.sizeFromShape(shape.slice(axis + 1)));
  });

const pack = () =>
  replacing('Pack', ({ inputs, backend, attrs }) => {
    const parts = inputs as unknown as TensorInfo[];
    const { shape } = parts[0]!;
    const same = parts.every((part) => part.dtype === parts[0]!.dtype && util.arraysEqual(part.shape, shape));
    if (!same || !isWide(parts[0]!)) return undefined;
    const given = attrs?.['axis'] as number;
    const axis = given < 0 ? given + shape.length + 1 : given;
    const inner = util.sizeFromShape(shape.slice(axis));
    const wide = [...shape.slice(0, axis), parts.length, ...shape.slice(axis)];
    const rows = parts.map((part) => ({
      ...part,
      shape: [...shape.slice(0, axis), 1, ...shape.slice(axis)],
    }));
    return joined(requireHeap(backend), rows, axis, wide, inner);
  });

/** Cutting and joining along one axis by runs; the stock kernels copy the whole input for every part. Call before the stock kernels are replaced. */
export function copyKernels(): readonly KernelConfig[] {
  return [slice(), unpack(), splitV(), concat(), pack()];
}
