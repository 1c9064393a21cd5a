import { InputError } from './problem.ts';
import { formatShape, type Shape } from './shape.ts';

/** What a layer gives whose activation is glu: half of the last axis of each shape. Throws an InputError where that has no even size. */
export function halved(shapes: readonly Shape[]): readonly Shape[] {
  return shapes.map((shape) => {
    const size = shape.at(-1);
    if (typeof size === 'number' && size % 2 === 0) return [...shape.slice(0, -1), size / 2];
    throw new InputError({
      message: 'glu takes halves of the last axis, which has no even size.',
      found: formatShape(shape),
      expected: 'an even size',
    });
  });
}
