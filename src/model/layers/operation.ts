import { InputError } from '../problem.ts';
import { formatShape, type Shape } from '../shape.ts';
import { knownSize, onlyInput, positiveAxis, product, wholeNumbers } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { broadcast } from './merge.ts';

const COMPARISONS = [
  'greater',
  'greaterEqual',
  'less',
  'lessEqual',
  'equal',
  'notEqual',
  'logicalAnd',
  'logicalOr',
] as const;
const BINARY = [
  'divide',
  'power',
  'maximum',
  'minimum',
  'mod',
  'floorDivide',
  'squaredDifference',
  ...COMPARISONS,
] as const;
/** Operations over axes. */
export const REDUCTIONS = [
  'mean',
  'sum',
  'max',
  'min',
  'product',
  'variance',
  'deviation',
  'logSumExp',
  'any',
  'all',
] as const;
const UNARY = [
  'sqrt',
  'rsqrt',
  'log',
  'negative',
  'reciprocal',
  'sign',
  'log1p',
  'expm1',
  'tan',
  'sinh',
  'cosh',
  'erf',
  'floor',
  'ceil',
  'round',
  'clip',
  'stopGradient',
  'logicalNot',
  'zerosLike',
  'onesLike',
] as const;
const SHAPES = [
  'expandDims',
  'squeeze',
  'stack',
  'split',
  'slice',
  'swapAxes',
  'pad',
  'matmul',
  'einsum',
  'flip',
  'repeat',
  'tile',
  'cumsum',
  'where',
] as const;
/** Every tensor operation that this kind knows. */
export const OPERATIONS = [...BINARY, ...REDUCTIONS, ...UNARY, ...SHAPES] as const;

/** Start, stop and step along one axis (negative ones count from the end), or one index whose axis goes away. */
export type SliceSpec =
  | { readonly index: number }
  | { readonly start: number | null; readonly stop: number | null; readonly step: number | null };

/** One tensor operation as functional models contain it; fields that an op does not use are null. Axes count the batch as 0. */
export type OperationConfig = {
  readonly op: (typeof OPERATIONS)[number];
  readonly axes: readonly number[] | null;
  readonly keepDims: boolean;
  /** The other operand of a binary op when it is no tensor, and whether it stands first. */
  readonly constant: number | null;
  readonly constantFirst: boolean;
  readonly equation: string;
  readonly slices: readonly SliceSpec[];
  readonly sections: number;
  readonly pads: readonly (readonly [number, number])[];
  /** Numbers that the op takes beside its tensors: clip's bounds, repeats per axis; for `where` its operands, null for a tensor. */
  readonly values: readonly (number | null)[];
};

function reduced(config: OperationConfig, input: Shape): Shape {
  const axes = (config.axes ?? input.map((_size, axis) => axis).slice(1)).map((axis) =>
    positiveAxis(axis, input.length),
  );
  if (axes.includes(0))
    throw new InputError({ message: 'A reduction over the batch cannot be inspected per sample.' });
  return config.keepDims
    ? input.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : input.filter((_size, axis) => !axes.includes(axis));
}

function sliced(slices: readonly SliceSpec[], input: Shape): Shape {
  return input.flatMap((size, axis): (number | null)[] => {
    const slice = slices[axis];
    if (slice === undefined || axis === 0) return [size];
    if ('index' in slice) return [];
    const whole = knownSize(input, axis);
    const { start = 0, stop = null, step } = slice;
    const place = (value: number): number => Math.min(whole, Math.max(0, value < 0 ? value + whole : value));
    return [Math.max(0, Math.ceil((place(stop ?? whole) - place(start ?? 0)) / (step ?? 1)))];
  });
}

function multiplied(a: Shape, b: Shape): Shape {
  if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2))
    throw new InputError({
      message: 'The matrices do not fit.',
      found: `${formatShape(a)} times ${formatShape(b)}`,
    });
  return [...broadcast([a.slice(0, -2), b.slice(0, -2)]), a.at(-2) ?? null, b.at(-1) ?? null];
}

function summed(equation: string, inputs: readonly Shape[]): Shape {
  const [from = '', to = ''] = equation.split('->');
  const sizes = new Map<string, number | null>();
  from.split(',').forEach((letters, i) => {
    [...letters].forEach((letter, axis) => sizes.set(letter, inputs[i]?.[axis] ?? null));
  });
  return [...to].map((letter) => sizes.get(letter) ?? null);
}

/** A size taken several times. */
const repeated = (size: number | null, times: number | null | undefined): number | null =>
  size === null ? null : size * (times ?? 1);

function moved(config: OperationConfig, inputs: readonly Shape[]): readonly Shape[] {
  const input = onlyInput(inputs);
  const [axis = -1, other = axis] = config.axes ?? [];
  const op: string = config.op;
  switch (op) {
    case 'expandDims': {
      const at = positiveAxis(axis, input.length + 1);
      return [[...input.slice(0, at), 1, ...input.slice(at)]];
    }
    case 'stack': {
      const at = positiveAxis(axis, input.length + 1);
      return [[...input.slice(0, at), inputs.length, ...input.slice(at)]];
    }
    case 'squeeze': {
      const axes = config.axes?.map((item) => positiveAxis(item, input.length));
      return [
        input.filter((size, at) => at === 0 || size !== 1 || (axes !== undefined && !axes.includes(at))),
      ];
    }
    case 'split': {
      const at = positiveAxis(axis, input.length);
      const size = knownSize(input, at) / config.sections;
      if (!Number.isInteger(size))
        throw new InputError({ message: 'The parts do not divide the axis.', found: formatShape(input) });
      return Array.from({ length: config.sections }, () => input.map((own, i) => (i === at ? size : own)));
    }
    case 'swapAxes': {
      const [a, b] = [positiveAxis(axis, input.length), positiveAxis(other, input.length)];
      return [input.map((size, i) => (i === a ? (input[b] ?? null) : i === b ? (input[a] ?? null) : size))];
    }
    case 'pad':
      return [
        input.map((size, i) =>
          size === null ? null : size + (config.pads[i]?.[0] ?? 0) + (config.pads[i]?.[1] ?? 0),
        ),
      ];
    case 'repeat':
      return [
        input.map((size, i) => repeated(size, i === positiveAxis(axis, input.length) ? config.values[0] : 1)),
      ];
    case 'tile': {
      const from = input.length - config.values.length;
      return [input.map((size, i) => repeated(size, config.values[i - from] ?? 1))];
    }
    case 'slice':
      return [sliced(config.slices, input)];
    default:
      return [input];
  }
}

const includes = (list: readonly string[], op: string): boolean => list.includes(op);

/** TensorFlow op layers and Keras 3 operation nodes that are no layer of their own; readers write this config. */
export const operation: LayerKind<OperationConfig> = {
  id: 'operation',
  classes: ['Operation'],
  signal: 'merge',
  parse: (raw) => {
    const list = <T>(key: string): readonly T[] => (raw.raw(key) ?? []) as readonly T[];
    const axes: unknown = raw.raw('axes');
    const constant: unknown = raw.raw('constant');
    const equation: unknown = raw.raw('equation');
    return {
      config: {
        op: raw.string(['op'], OPERATIONS),
        axes: Array.isArray(axes) ? wholeNumbers(axes) : null,
        keepDims: raw.boolean(['keepDims'], false),
        constant: typeof constant === 'number' ? constant : null,
        constantFirst: raw.boolean(['constantFirst'], false),
        equation: typeof equation === 'string' ? equation : '',
        slices: list<SliceSpec>('slices'),
        sections: raw.size(['sections'], 1),
        pads: list<readonly [number, number]>('pads'),
        values: list<number | null>('values'),
      },
      initializers: {},
    };
  },
  outputs: (config, inputs) => {
    if (includes(BINARY, config.op) || config.op === 'where') return [broadcast(inputs)];
    if (includes(UNARY, config.op)) return [onlyInput(inputs)];
    if (includes(REDUCTIONS, config.op)) return [reduced(config, onlyInput(inputs))];
    if (config.op === 'matmul') return [multiplied(onlyInput(inputs), inputs[1] ?? [])];
    if (config.op === 'einsum') return [summed(config.equation, inputs)];
    return moved(config, inputs);
  },
  weights: () => [],
  multiplyAdds: (config, inputs) => {
    const size = product(
      onlyInput(inputs)
        .slice(1)
        .map((value) => value ?? 1),
    );
    return config.op === 'matmul' ? size * (inputs[1]?.at(-1) ?? 1) : size;
  },
};
