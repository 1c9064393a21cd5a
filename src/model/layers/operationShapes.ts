import { InputError } from '../problem.ts';
import { formatShape, type Shape } from '../shape.ts';
import { knownSize, onlyInput, positiveAxis } from './declare.ts';
import { broadcast } from './merge.ts';
import type { OperationConfig, SliceSpec } from './operation.ts';
import { BINARY, REDUCTIONS, UNARY } from './operations.ts';

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

const exchanged = (shape: Shape, swap: boolean | undefined): Shape =>
  swap === true ? [...shape.slice(0, -2), shape.at(-1) ?? null, shape.at(-2) ?? null] : shape;

/** The operands of `matmul`, a written one without a batch of its own. */
function factors(
  { constant, constantFirst, transposed }: OperationConfig,
  inputs: readonly Shape[],
): Shape[] {
  const written = constant === null || typeof constant === 'number' ? [] : [constant.shape];
  const both = constantFirst ? [...written, ...inputs] : [...inputs, ...written];
  return both.map((shape, i) => exchanged(shape, transposed[i]));
}

function multiplied(config: OperationConfig, inputs: readonly Shape[]): Shape {
  const [a = [], b = []] = factors(config, inputs);
  if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2))
    throw new InputError({
      message: 'The matrices do not fit.',
      found: `${formatShape(a)} times ${formatShape(b)}`,
    });
  return [...broadcast([a.slice(0, -2), b.slice(0, -2)]), a.at(-2) ?? null, b.at(-1) ?? null];
}

/** The shape beside a written operand, which has no batch of its own. */
function besideConstant({ constant }: OperationConfig, inputs: readonly Shape[]): Shape {
  if (constant === null || typeof constant === 'number') return broadcast(inputs);
  const rank = onlyInput(inputs).length;
  const [first = 1, ...rest] = constant.shape;
  if (constant.shape.length > rank || (constant.shape.length === rank && first !== 1))
    throw new InputError({
      message: 'The written operand has a batch of its own.',
      found: `${formatShape(constant.shape)} beside ${formatShape(onlyInput(inputs))}`,
    });
  return broadcast([...inputs, [null, ...(constant.shape.length === rank ? rest : constant.shape)]]);
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

/** An axis of the sample, counted from the start. */
function ownAxis(axis: number, input: Shape): number {
  const at = positiveAxis(axis, input.length);
  if (at > 0) return at;
  throw new InputError({ message: 'An operation along the batch cannot be inspected per sample.' });
}

/** The axes of a tensor of this rank in the order in which `moveAxis` (from `axes` to `values`) leaves them. */
export function movedOrder({ axes, values }: OperationConfig, rank: number): readonly number[] {
  const pairs = (axes ?? []).map((from, i): [number, number] => [
    positiveAxis(values[i] ?? 0, rank),
    positiveAxis(from, rank),
  ]);
  const order = Array.from({ length: rank }, (_, axis) => axis).filter(
    (axis) => !pairs.some(([, from]) => from === axis),
  );
  for (const [to, from] of pairs.sort(([a], [b]) => a - b)) order.splice(to, 0, from);
  if (order[0] === 0) return order;
  throw new InputError({ message: 'A move of the batch axis cannot be inspected per sample.' });
}

/** Channels as positions, or positions as channels: blocks of `sections` × `sections`. */
function regrouped({ op, sections, axes }: OperationConfig, input: Shape): Shape {
  const at = positiveAxis(axes?.[0] ?? -1, onlyInput([input], 4).length);
  return input.map((_size, axis) => {
    if (axis === 0) return input[0] ?? null;
    const block = axis === at ? sections * sections : sections;
    const grows = (axis === at) === (op === 'spaceToDepth');
    const size = grows ? knownSize(input, axis) * block : knownSize(input, axis) / block;
    if (Number.isInteger(size)) return size;
    throw new InputError({
      message: 'The blocks do not divide the input.',
      found: `${formatShape(input)}, blocks of ${sections}×${sections}`,
    });
  });
}

/** Values of `input` at `places` along an axis: both agree in all other axes. */
function takenAlong(at: number, input: Shape, places: Shape): Shape {
  const fits =
    places.length === input.length && input.every((size, i) => i === at || i === 0 || size === places[i]);
  if (fits) return places;
  throw new InputError({
    message: 'The places do not fit the values.',
    found: `${formatShape(places)} in ${formatShape(input)}`,
    expected: `equal sizes but for axis ${at}`,
  });
}

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
    case 'take': {
      const at = ownAxis(axis, input);
      return [
        input.flatMap((size, i) => (i !== at ? [size] : config.keepDims ? [config.values.length] : [])),
      ];
    }
    case 'roll':
    case 'flip':
    case 'cumsum':
    case 'cumprod':
    case 'sort':
    case 'argSort':
      for (const each of config.axes ?? [-1]) ownAxis(each, input);
      return [input];
    case 'topK': {
      const top = [...input.slice(0, -1), config.sections];
      if (input.length < 2 || config.sections > knownSize(input, -1))
        throw new InputError({
          message: `There are no ${config.sections} values.`,
          found: formatShape(input),
        });
      return [top, top];
    }
    case 'takeAlong':
      return [takenAlong(ownAxis(axis, input), input, inputs[1] ?? [])];
    case 'difference': {
      const at = ownAxis(axis, input);
      return [input.map((size, i) => (i === at && size !== null ? size - (config.values[0] ?? 1) : size))];
    }
    case 'rotate': {
      const [a, b] = [ownAxis(axis, input), ownAxis(other, input)];
      const turned = (config.values[0] ?? 1) % 2 !== 0;
      const from = (i: number): number => (turned && i === a ? b : turned && i === b ? a : i);
      return [input.map((_size, i) => input[from(i)] ?? null)];
    }
    case 'moments': {
      const made = reduced(config, input);
      return [made, made];
    }
    case 'moveAxis':
      return [movedOrder(config, input.length).map((from) => input[from] ?? null)];
    case 'unstack': {
      const at = ownAxis(axis, input);
      return Array.from({ length: knownSize(input, at) }, () => input.filter((_size, i) => i !== at));
    }
    case 'oneHot':
      return [[...input, config.sections]];
    case 'depthToSpace':
    case 'spaceToDepth':
      return [regrouped(config, input)];
    default:
      return [input];
  }
}

const includes = (list: readonly string[], op: string): boolean => list.includes(op);

/** Output shapes of a tensor operation. Throws an InputError where the inputs do not fit, or where samples of the batch would mix. */
export function operationOutputs(config: OperationConfig, inputs: readonly Shape[]): readonly Shape[] {
  if (includes(BINARY, config.op)) return [besideConstant(config, inputs)];
  if (config.op === 'where') return [broadcast(inputs)];
  if (includes(UNARY, config.op)) return [onlyInput(inputs)];
  if (includes(REDUCTIONS, config.op)) return [reduced(config, onlyInput(inputs))];
  if (config.op === 'matmul') return [multiplied(config, inputs)];
  if (config.op === 'einsum') return [summed(config.equation, inputs)];
  return moved(config, inputs);
}
