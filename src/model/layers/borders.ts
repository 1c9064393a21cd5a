import { InputError } from '../problem.ts';
import type { RawConfig } from './kind.ts';

/** Before and after, one pair per spatial axis: from a number, one number per axis, or pairs. Rank 1 takes a pair as such. */
export function readPairs(
  raw: RawConfig,
  keys: readonly string[],
  rank: number,
  fallback: number,
): readonly (readonly [number, number])[] {
  const value: unknown = raw.raw(...keys) ?? fallback;
  const count = (item: unknown): number => {
    if (typeof item === 'number' && Number.isInteger(item) && item >= 0 && item < 2 ** 31) return item;
    throw new InputError({
      message: `${raw.className}: ${keys[0] ?? ''} is not usable.`,
      found: JSON.stringify(value),
      expected: 'a whole number, one per axis, or [before, after] per axis',
    });
  };
  const pair = (item: unknown): readonly [number, number] =>
    Array.isArray(item) && item.length === 2 ? [count(item[0]), count(item[1])] : [count(item), count(item)];
  if (rank === 1 && Array.isArray(value) && value.length === 2) return [pair(value)];
  if (rank === 2 && Array.isArray(value) && value.length === 4)
    return [pair(value.slice(0, 2)), pair(value.slice(2))];
  const list: readonly unknown[] = Array.isArray(value)
    ? (value as unknown[])
    : Array.from({ length: rank }, () => value);
  if (list.length !== rank) return [pair(undefined)];
  return list.map(pair);
}
