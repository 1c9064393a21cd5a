import { product } from './declare.ts';

/** An array as a file writes it out: its sizes, and its numbers in row-major order. */
export type WrittenArray = {
  readonly shape: readonly number[];
  readonly values: readonly number[];
};

/** A nested list of numbers with its shape; undefined for one that is ragged or empty, or holds anything else. */
export function writtenArray(list: unknown): WrittenArray | undefined {
  if (!Array.isArray(list)) return undefined;
  const shape: number[] = [];
  for (let at: unknown = list; Array.isArray(at); at = (at as unknown[])[0]) shape.push(at.length);
  const even = (part: unknown, axis: number): boolean =>
    axis === shape.length
      ? typeof part === 'number'
      : Array.isArray(part) && part.length === shape[axis] && part.every((item) => even(item, axis + 1));
  const values = list.flat(Infinity) as number[];
  return values.length > 0 && values.length === product(shape) && even(list, 0)
    ? { shape, values }
    : undefined;
}
