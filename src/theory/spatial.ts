import type { LayerSpec } from '../model/spec.ts';
import type { Shape } from '../model/shape.ts';
import { configNumbers, size } from './law.ts';
import type { AxisWindow } from './windows.ts';
import { isFlat, sameBefore, sameWindow, seenTwice, slide } from './windows.ts';

/** Whether a layer keeps its channels first. */
export function channelsFirst(layer: LayerSpec): boolean {
  const format = layer.config['dataFormat'] ?? layer.config['data_format'];
  return layer.config['channelsFirst'] === true || format === 'channels_first' || format === 'channelsFirst';
}

/** Spatial sizes of a shape with batch and channels. */
export function spatialSizes(shape: Shape, first: boolean): number[] {
  return (first ? shape.slice(2) : shape.slice(1, -1)).map(size);
}

/** Channels of a shape. */
export function channels(shape: Shape, first: boolean): number {
  return size(first ? shape[1] : shape[shape.length - 1]);
}

/** A value per spatial axis: one number stands for all. */
export function perAxis(values: readonly number[] | undefined, rank: number, fallback: number): number[] {
  return Array.from({ length: rank }, (_, axis) => values?.[axis] ?? values?.[0] ?? fallback);
}

/** Windows of a sliding layer along each spatial axis. */
export function windowsOf(
  layer: LayerSpec,
  kernel: readonly number[],
  inputShape: Shape,
  outputShape: Shape,
): AxisWindow[] {
  const first = channelsFirst(layer);
  const from = spatialSizes(inputShape, first);
  const to = spatialSizes(outputShape, first);
  const strides = perAxis(configNumbers(layer, ['strides', 'stride']), from.length, 1);
  const dilations = perAxis(
    configNumbers(layer, ['dilation', 'dilationRate', 'dilation_rate', 'dilations']),
    from.length,
    1,
  );
  const padding = layer.config['padding'];
  return from.map((input, axis) => {
    const window = {
      input,
      output: to[axis] ?? 1,
      kernel: kernel[axis] ?? 1,
      stride: strides[axis] ?? 1,
      dilation: dilations[axis] ?? 1,
    };
    if (padding === 'causal') return { ...window, before: (window.kernel - 1) * window.dilation };
    if (padding === 'valid') return { ...window, before: 0 };
    const given = typeof padding === 'number' ? padding : Array.isArray(padding) ? padding[axis] : undefined;
    return { ...window, before: typeof given === 'number' ? given : sameBefore(window) };
  });
}

interface SlidAxis {
  readonly window: AxisWindow;
  readonly before: Float64Array | undefined;
  readonly seen: number;
  readonly seenUniform: number;
  readonly seenBoth: number;
  readonly profile: Float64Array;
}

function slideAxis(window: AxisWindow, before: Float64Array | undefined): SlidAxis {
  const { seen, profile } = slide(window, before?.length === window.input ? before : undefined);
  const seenUniform = before === undefined ? seen : slide(window, undefined).seen;
  const seenBoth = window.output > 1 ? seenTwice(window) : seen;
  return { window, before, seen, seenUniform, seenBoth, profile };
}

/** Slides along all axes: the share of terms seen (weighted by second moment, and unweighted) and the new profile. */
export function slideAll(
  windows: readonly AxisWindow[],
  profile: readonly Float64Array[] | undefined,
): {
  readonly seen: number;
  readonly seenUniform: number;
  readonly seenBoth: number;
  readonly profile?: readonly Float64Array[];
} {
  let seen = 1;
  let seenUniform = 1;
  let seenBoth = 1;
  const axes: Float64Array[] = [];
  let last: SlidAxis | undefined;
  for (const [axis, window] of windows.entries()) {
    const before = profile?.[axis];
    // Square images have the very same along both axes.
    if (last === undefined || last.before !== before || !sameWindow(last.window, window))
      last = slideAxis(window, before);
    seen *= last.seen;
    seenUniform *= last.seenUniform;
    seenBoth *= last.seenBoth;
    axes.push(last.profile);
  }
  const positions = windows.reduce((all, { output }) => all * output, 1);
  if (positions > 1) seenBoth = Math.max(0, (seenBoth - seenUniform / positions) / (1 - 1 / positions));
  return axes.every(isFlat) && axes.every((axis) => axis.length > 64)
    ? { seen, seenUniform, seenBoth }
    : { seen, seenUniform, seenBoth, profile: axes };
}
