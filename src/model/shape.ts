/** Dimensions with the batch first; `null` is a size that only the run fixes (the batch). */
export type Shape = readonly (number | null)[];

/** Number of elements per sample: the product of all dimensions but the batch. Throws a RangeError on an unknown one. */
export function sampleSize(shape: Shape): number {
  let size = 1;
  for (const dimension of shape.slice(1)) {
    if (dimension === null) throw new RangeError(`the shape ${formatShape(shape)} has an unknown size`);
    size *= dimension;
  }
  return size;
}

/** Number of elements per sample with every unknown size counted as one: what work is counted by. */
export function countedSize(shape: Shape): number {
  let product = 1;
  for (let axis = 1; axis < shape.length; axis++) product *= shape[axis] ?? 1;
  return product;
}

/** The shape as people write it: `(?, 28, 28, 1)`. */
export function formatShape(shape: Shape): string {
  return `(${shape.map((dimension) => dimension ?? '?').join(', ')})`;
}

/** The shape with the batch size put in. Throws a RangeError when another dimension is unknown. */
export function withBatch(shape: Shape, batch: number): number[] {
  return shape.map((dimension, axis) => {
    if (axis === 0) return batch;
    if (dimension === null) throw new RangeError(`the shape ${formatShape(shape)} has an unknown size`);
    return dimension;
  });
}

/** Whether both are the same shapes in the same order. */
export function sameShapes(left: readonly Shape[], right: readonly Shape[]): boolean {
  return (
    left.length === right.length &&
    left.every((shape, at) => {
      const other = right[at];
      return other?.length === shape.length && shape.every((size, axis) => size === other[axis]);
    })
  );
}
