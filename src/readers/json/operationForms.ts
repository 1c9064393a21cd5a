import type { Json } from '../../model/json.ts';
import { writtenArray } from '../../model/layers/writtenArray.ts';
import { isRawRef } from '../../model/rawModel.ts';
import { axesOf, numberIn, numberOf, sampleAxes, sliceOf } from './operationArguments.ts';
import type { OperationCall, TranslatedCall } from './operationCall.ts';

/** What an operation does, in terms of a layer; undefined where its options say what no layer here does. */
export type Form = (call: OperationCall) => TranslatedCall | undefined;

const first = (axis: Json, fallback: number): Json =>
  Array.isArray(axis) ? ((axis as readonly Json[])[0] ?? fallback) : fallback;
const single = (axis: Json): boolean => Array.isArray(axis) && axis.length === 1;
const numbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number');
const place: Form = ({ axis, option, operation }) =>
  single(axis) ? operation({ axes: axis, keepDims: option('keepdims') === true }) : undefined;
const triangle: Form = ({ at, operation }) => operation({ values: [numberOf(at(1, 'k'), 0)] });
const blocks: Form = ({ at, operation }) => {
  const block = at(1, 'block_size');
  const first = ['channels_first', 'NCHW'].includes(String(at(2, 'data_format')));
  return typeof block === 'number' ? operation({ sections: block, axes: [first ? 1 : -1] }) : undefined;
};

/** Two tensors or one and a matrix that is written out, multiplied over their last two axes. */
const multiplied: Form = (call) => {
  const { positional, named, operation } = call;
  const operands = [positional[0] ?? named['x1'] ?? named['a'], positional[1] ?? named['x2'] ?? named['b']];
  const yes = (place: number, ...keys: readonly string[]): boolean =>
    [...keys.map((key) => named[key]), positional[place]].includes(true);
  const transposed = [
    yes(2, 'transpose_a', 'adjoint_a', 'adj_x'),
    yes(3, 'transpose_b', 'adjoint_b', 'adj_y'),
  ];
  if (operands.every(isRawRef)) return { ...operation({ transposed }), call: { inputs: operands } };
  return byMatrix(call, operands, transposed);
};

/** The product of a tensor with a matrix that is written out. */
function byMatrix(
  { operation }: OperationCall,
  operands: readonly unknown[],
  transposed: readonly boolean[],
): TranslatedCall | undefined {
  const inputs = operands.filter(isRawRef);
  const constant = operands.find((value) => !isRawRef(value));
  if (inputs.length !== 1 || writtenArray(constant)?.shape.length !== 2) return undefined;
  return {
    ...operation({
      op: 'matmul',
      constant: constant as Json,
      constantFirst: !isRawRef(operands[0]),
      transposed,
    }),
    call: { inputs },
  };
}

/** A tensor's last axis summed with a matrix's first: of two tensors it would mix the samples. */
const dotted: Form = (call) => {
  const { positional, named } = call;
  const operands = [positional[0] ?? named['x1'] ?? named['a'], positional[1] ?? named['x2'] ?? named['b']];
  return isRawRef(operands[0]) ? byMatrix(call, operands, []) : undefined;
};

/** Operations with options of their own, by their plain names. */
export const FORMS: Readonly<Record<string, Form>> = {
  clip: ({ option, positional, named, config, operation }) => {
    const bounds = [
      numberIn(option('x_min', 'clip_value_min') ?? positional[1]),
      numberIn(named['x_max'] ?? config['x_max'] ?? named['clip_value_max'] ?? positional[2]),
    ];
    return bounds.includes(null) ? undefined : operation({ values: bounds });
  },
  flip: ({ axis, operation }) => (sampleAxes(axis) === null ? undefined : operation({ axes: axis })),
  repeat: ({ option, at, operation }) => {
    const times = numberIn(option('repeats'));
    const along = axesOf(at(2, 'axis'));
    return times === null || along === null ? undefined : operation({ values: [times], axes: along });
  },
  tile: ({ option, operation }) => {
    const times = option('repeats', 'multiples', 'reps');
    const list = typeof times === 'number' ? [times] : times;
    return numbers(list) ? operation({ values: list }) : undefined;
  },
  where: ({ positional, named, operation }) => {
    const operands = [0, 1, 2].map(
      (i) => positional[i] ?? named[['condition', 'x1', 'x2'][i] ?? ''] ?? named[['', 'x', 'y'][i] ?? ''],
    );
    const values = operands.map((value) => (isRawRef(value) ? null : numberIn(value)));
    const whole = operands.every((value, i) => isRawRef(value) || values[i] !== null);
    return whole ? { ...operation({ values }), call: { inputs: operands.filter(isRawRef) } } : undefined;
  },
  reshape: ({ option, as }) => {
    const shape = option('newshape', 'shape');
    return Array.isArray(shape) ? as('Reshape', { target_shape: shape.slice(1) as Json[] }) : undefined;
  },
  transpose: ({ option, as }) => {
    const order = option('axes', 'perm');
    return Array.isArray(order) && order[0] === 0
      ? as('Permute', { dims: order.slice(1) as Json[] })
      : undefined;
  },
  concatenate: ({ axis, as }) => as('Concatenate', { axis: first(axis, -1) }),
  append: ({ axis, as }) => (single(axis) ? as('Concatenate', { axis: first(axis, -1) }) : undefined),
  hstack: ({ as }) => as('Concatenate', { axis: 1 }),
  expanddims: ({ axis, operation }) => operation({ axes: axis ?? [-1] }),
  squeeze: ({ axis, operation }) => operation({ axes: axis }),
  stack: ({ axis, operation }) => operation({ axes: axis ?? [0] }),
  split: ({ option, at, operation }) => {
    const sections = option('indices_or_sections', 'num_or_size_splits');
    return typeof sections === 'number'
      ? operation({ sections, axes: axesOf(at(2, 'axis') ?? 0) })
      : undefined;
  },
  getitem: ({ option, operation }) => {
    const spec = option('slice_spec', 'key');
    return Array.isArray(spec) ? operation({ op: 'slice', slices: spec.map(sliceOf) }) : undefined;
  },
  slice: ({ at, operation }) => {
    const [starts, sizes] = [at(1, 'start_indices', 'begin'), at(2, 'shape', 'size')];
    if (!numbers(starts) || !numbers(sizes)) return undefined;
    const slices = starts.map((start, axis): Json => {
      const size = sizes[axis] ?? -1;
      return { start, stop: size < 0 ? null : start + size, step: null };
    });
    return operation({ slices });
  },
  swapaxes: ({ at, operation }) =>
    operation({ axes: [axesOf(at(1, 'axis1')), axesOf(at(2, 'axis2'))].flat() }),
  einsum: ({ config, positional, operation }) => {
    const equation = config['subscripts'] ?? positional.find((value) => typeof value === 'string');
    return typeof equation === 'string' && !equation.includes('.') ? operation({ equation }) : undefined;
  },
  pad: ({ option, operation }) => {
    const pads = option('pad_width', 'paddings');
    return Array.isArray(pads) ? operation({ pads: pads as Json[] }) : undefined;
  },
  take: ({ at, operation }) => {
    const indices = at(1, 'indices');
    const axis = sampleAxes(at(2, 'axis'));
    const several = numbers(indices);
    if (axis === null || (!several && typeof indices !== 'number')) return undefined;
    return operation({ values: several ? indices : [indices], axes: axis, keepDims: several });
  },
  roll: ({ at, operation }) => {
    const [shifts, axes] = [axesOf(at(1, 'shift')), sampleAxes(at(2, 'axis'))];
    return shifts === null || axes === null ? undefined : operation({ values: shifts, axes });
  },
  moveaxis: ({ at, operation }) => {
    const [from, to] = [sampleAxes(at(1, 'source')), sampleAxes(at(2, 'destination'))];
    return from === null || to === null ? undefined : operation({ axes: from, values: to });
  },
  unstack: ({ at, operation }) => {
    const axes = sampleAxes(at(2, 'axis') ?? 0);
    return axes === null ? undefined : operation({ axes });
  },
  onehot: ({ at, config, named, operation }) => {
    const classes = at(1, 'num_classes', 'depth');
    const axis = named['axis'] ?? config['axis'] ?? -1;
    const plain = ['on_value', 'off_value'].every((key) => (named[key] ?? null) === null);
    return typeof classes === 'number' && axis === -1 && plain ? operation({ sections: classes }) : undefined;
  },
  matmul: multiplied,
  batchmatmul: multiplied,
  dot: dotted,
  tensordot: (call) => {
    const axes = call.at(2, 'axes');
    const last = JSON.stringify(axes) === '[[-1],[0]]' || JSON.stringify(axes) === '[-1,0]';
    return axes === 1 || last ? dotted(call) : undefined;
  },
  depthtospace: blocks,
  spacetodepth: blocks,
  lowertriangle: triangle,
  uppertriangle: triangle,
  argmax: place,
  argmin: place,
  norm: ({ at, operation }) => {
    const order = at(1, 'ord') ?? 'euclidean';
    const axes = axesOf(at(2, 'axis'));
    const euclidean = order === 'euclidean' || order === 'fro' || (order === 2 && single(axes));
    return euclidean && axes !== null ? operation({ axes, keepDims: at(3, 'keepdims') === true }) : undefined;
  },
  average: ({ named, axis, operation }) =>
    (named['weights'] ?? null) === null && axis !== null ? operation({ op: 'mean', axes: axis }) : undefined,
};
