/** Three extents in the order depth, height, width; 1-D uses the last, 2-D the last two, the others being 1 (or 0 for padding). */
export type Triple = readonly [number, number, number];

/** Everything a convolution kernel needs to know. Channels are counted per group. */
export interface ConvGeometry {
  readonly batch: number;
  readonly groups: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly input: Triple;
  readonly output: Triple;
  readonly kernel: Triple;
  readonly strides: Triple;
  readonly dilations: Triple;
  /** Zeros before the first element of each axis; those after it follow from the output's extent. */
  readonly padding: Triple;
}

/** Padding of one axis as the layer asks for it, or before/after pairs per axis. */
export type Padding = 'valid' | 'same' | 'causal' | readonly (readonly [number, number])[];

export interface ConvOptions {
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly padding?: Padding;
  readonly groups?: number;
}

/** Extends 1, 2 or 3 numbers to a triple by `fill` in front. */
export function triple(values: readonly number[], fill: number): Triple {
  const [d = fill, h = fill, w = fill] = [...Array<number>(3 - values.length).fill(fill), ...values];
  return [d, h, w];
}

/** The padding in front of each axis from tfjs's 3-D geometry, whose 'same' goes below 0 where the stride exceeds the kernel (TensorFlow's does not). */
export function paddingBefore(info: {
  readonly front: number;
  readonly top: number;
  readonly left: number;
}): Triple {
  return [Math.max(0, info.front), Math.max(0, info.top), Math.max(0, info.left)];
}

function axisPadding(
  padding: Padding,
  axis: number,
  size: number,
  span: number,
  stride: number,
): [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'causal') return [span - 1, 0];
  if (padding === 'same') {
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + span - size);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  const [before, after] = padding[axis] ?? [0, 0];
  return [before, after];
}

/**
 * The geometry of a channels-last convolution of `x` [batch, …space, groups·ci] with `filter` [...kernel, ci, groups·co] (rank 1–3 from the
 * filter). Refuses in words what cannot be: channels that do not fit the filter or the groups, a kernel larger than the padded input.
 */
export function convGeometry(
  xShape: readonly number[],
  filterShape: readonly number[],
  options: ConvOptions,
): ConvGeometry {
  const rank = filterShape.length - 2;
  const groups = options.groups ?? 1;
  const channels = xShape.at(-1) ?? 0;
  const inChannels = filterShape.at(-2) ?? 0;
  const outputs = filterShape.at(-1) ?? 0;
  if (rank < 1 || rank > 3 || xShape.length !== rank + 2) {
    throw new RangeError(
      `A convolution takes input and filter of rank 3 to 5, not [${xShape.join(', ')}] and [${filterShape.join(', ')}].`,
    );
  }
  if (channels !== inChannels * groups || outputs % groups !== 0) {
    throw new RangeError(
      `${channels} channels do not fit a filter [${filterShape.join(', ')}] in ${groups} group${groups === 1 ? '' : 's'}.`,
    );
  }
  const space = xShape.slice(1, -1);
  const strides = options.strides ?? space.map(() => 1);
  const dilations = options.dilations ?? space.map(() => 1);
  const pads = space.map((size, axis) =>
    axisPadding(
      options.padding ?? 'valid',
      axis,
      size,
      (filterShape[axis]! - 1) * dilations[axis]! + 1,
      strides[axis]!,
    ),
  );
  const output = space.map((size, axis) => {
    const span = (filterShape[axis]! - 1) * dilations[axis]! + 1;
    const [before, after] = pads[axis]!;
    return Math.max(0, Math.floor((size + before + after - span) / strides[axis]!) + 1);
  });
  return {
    batch: xShape[0]!,
    groups,
    inChannels,
    outChannels: outputs / groups,
    input: triple(space, 1),
    output: triple(output, 1),
    kernel: triple(filterShape.slice(0, rank), 1),
    strides: triple(strides, 1),
    dilations: triple(dilations, 1),
    padding: triple(
      pads.map(([before]) => before),
      0,
    ),
  };
}
