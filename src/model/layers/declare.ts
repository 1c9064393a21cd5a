import { frameworkFans } from '../initializers/fans.ts';
import type { InitializerSpec } from '../initializers/initializer.ts';
import { InputError } from '../problem.ts';
import type { Semantics } from '../semantics.ts';
import { formatShape, type Shape } from '../shape.ts';
import type { WeightSpec } from '../spec.ts';
import type { ParsedLayer, WeightDeclaration } from './kind.ts';

/** What a kind says of a weight; framework fans follow from the shape unless given. */
export interface WeightPlan {
  readonly name: string;
  readonly part: WeightSpec['part'];
  readonly shape: readonly number[];
  /** Effective fan-in and fan-out (theory.md §3.8); 1 for biases, scales and statistics. */
  readonly effective?: readonly [number, number];
  readonly fans?: readonly [number, number];
  readonly trainable?: boolean;
  readonly unitAxis?: number;
  readonly gates?: number;
  readonly key?: string;
}

/** The product of sizes; 1 for none. */
export function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}

/** A declaration with the fans that the framework's own formula gives; the initializer is the parsed one of that name. */
export function declareWeight(
  plan: WeightPlan,
  parsed: Pick<ParsedLayer<never>, 'initializers'>,
  semantics: Semantics,
): WeightDeclaration {
  const initializer: InitializerSpec | undefined = parsed.initializers[plan.name];
  if (initializer === undefined) throw new RangeError(`no initializer for the weight ${plan.name}`);
  const own = frameworkFans(plan.shape, semantics);
  const [effectiveFanIn, effectiveFanOut] = plan.effective ?? [1, 1];
  return {
    name: plan.name,
    part: plan.part,
    shape: plan.shape,
    initializer,
    fanIn: plan.fans?.[0] ?? own.fanIn,
    fanOut: plan.fans?.[1] ?? own.fanOut,
    effectiveFanIn,
    effectiveFanOut,
    trainable: plan.trainable ?? true,
    unitAxis: plan.unitAxis ?? -1,
    ...(plan.gates === undefined ? {} : { gates: plan.gates }),
    key: plan.key ?? `${plan.name}_initializer`,
  };
}

/** The only input, of the rank asked for (batch included). Throws an InputError otherwise. */
export function onlyInput(inputs: readonly Shape[], rank?: number, least = 1): Shape {
  const [input] = inputs;
  if (input === undefined) throw new InputError({ message: 'The layer has no input.' });
  const fits = rank === undefined ? input.length >= least : input.length === rank;
  if (!fits)
    throw new InputError({
      message: 'The input has the wrong number of dimensions.',
      found: formatShape(input),
      expected: rank === undefined ? `at least ${least} dimensions` : `${rank} dimensions, batch included`,
    });
  return input;
}

/** A size that must be known. Throws an InputError for an unknown one. */
export function knownSize(shape: Shape, axis: number): number {
  const size = shape.at(axis);
  if (typeof size === 'number') return size;
  throw new InputError({
    message: 'A size of the input is unknown.',
    found: formatShape(shape),
    hint: 'Give the input shape (--input-shape, or inputShapes in initscope.json).',
  });
}

/** The framework's default kernel initializer: TF.js differs from Keras (theory.md §5). */
export function defaultKernel(semantics: Semantics): string {
  return semantics === 'tfjs' ? 'glorotNormal' : 'glorotUniform';
}

/** An axis counted from the start. Throws an InputError when the shape has no such axis. */
export function positiveAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(positive) && positive >= 0 && positive < rank) return positive;
  throw new InputError({
    message: 'The axis lies outside of the input.',
    found: String(axis),
    expected: `an axis between ${-rank} and ${rank - 1}`,
  });
}

/** An integer as a file writes an axis or a size. Throws an InputError for anything else. */
export function wholeNumber(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new InputError({
    message: 'A whole number is expected in the config.',
    found: (JSON.stringify(value) ?? 'nothing').slice(0, 80),
    expected: 'a whole number',
  });
}

/** An integer or a list of integers, as a list. Throws an InputError for anything else. */
export function wholeNumbers(value: unknown): readonly number[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map(wholeNumber);
}
