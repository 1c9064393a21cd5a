import type { Shape } from '../shape.ts';
import { knownSize, positiveAxis, wholeNumbers } from './declare.ts';
import type { RawConfig } from './kind.ts';

/** One axis or a list of axes. */
export function readAxes(raw: RawConfig, fallback: number): readonly number[] {
  const axis: unknown = raw.raw('axis') ?? fallback;
  return wholeNumbers(axis);
}

/** Sizes of the normalized axes, in order. Throws an InputError for an axis outside of the input. */
export function axisSizes(axes: readonly number[], input: Shape): readonly number[] {
  return axes.map((axis) => knownSize(input, positiveAxis(axis, input.length)));
}
