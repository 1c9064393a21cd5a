import type { Json } from '../../model/json.ts';
import type { RawCall } from '../../model/rawModel.ts';

/** Arguments of an operation: positional ones in their order, then those by name. */
export interface Arguments {
  readonly positional: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
}

/** A value with the arrays that Keras 3 wraps (`{class_name: "__numpy__", config: {value}}`) as plain lists. */
function unwrapped(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'class_name')) return value;
  const { class_name: name, config } = value as { class_name: unknown; config?: { value?: unknown } };
  return name === '__numpy__' || name === '__tensor__' ? config?.value : value;
}

/** The arguments of a call, tensors back in their places. */
export function argumentsOf(call: RawCall): Arguments {
  const named = Object.fromEntries(
    Object.entries(call.kwargs ?? {}).map(([key, value]) => [key, unwrapped(value)]),
  );
  const positional: unknown[] = [];
  const tensors = [...call.inputs];
  for (let i = 0; tensors.length > 0 || Object.hasOwn(named, `arg${i}`); i++) {
    const key = `arg${i}`;
    if (Object.hasOwn(named, key)) {
      positional.push(named[key]);
      delete named[key];
    } else positional.push(tensors.shift());
  }
  return { positional, named };
}

/** A number, or numbers per channel (all other axes of size 1). */
export function constantOf(value: unknown): number | readonly number[] | undefined {
  if (typeof value === 'number') return value;
  if (!Array.isArray(value)) return undefined;
  if (value.length > 0 && value.every((item) => typeof item === 'number'))
    return value.length === 1 ? value[0] : value;
  return value.length === 1 ? constantOf(value[0]) : undefined;
}

/** A number, or null. */
export const numberIn = (value: unknown): number | null => (typeof value === 'number' ? value : null);
/** A number, or this one. */
export const numberOf = (value: unknown, fallback: number): number =>
  typeof value === 'number' ? value : fallback;
/** Axes as a list, or null where they are not plain numbers. */
export const axesOf = (value: unknown): Json =>
  typeof value === 'number'
    ? [value]
    : Array.isArray(value) && value.every((item) => typeof item === 'number')
      ? value
      : null;

/** Axes of the sample alone: what goes along the batch has no layer that does the same. */
export const sampleAxes = (value: unknown): Json => {
  const axes = axesOf(value);
  return Array.isArray(axes) && axes.includes(0) ? null : axes;
};

/** One part of a slice as the operation kind has it. */
export function sliceOf(value: unknown): Json {
  if (typeof value === 'number') return { index: value };
  const whole = { start: null, stop: null, step: null };
  if (typeof value !== 'object' || value === null) return whole;
  const own = Object.hasOwn(value, 'config') ? (value as { config: unknown }).config : value;
  const part = (key: string): number | null => {
    const found: unknown =
      typeof own === 'object' && own !== null && Object.hasOwn(own, key)
        ? (own as Record<string, unknown>)[key]
        : null;
    return typeof found === 'number' ? found : null;
  };
  return { start: part('start'), stop: part('stop'), step: part('step') };
}
