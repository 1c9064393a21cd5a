import { InputError } from '../problem.ts';
import { formatShape, type Shape } from '../shape.ts';
import { knownSize } from './declare.ts';
import type { RawConfig } from './kind.ts';

export type Padding = 'valid' | 'same' | 'causal';
export type DataFormat = 'channelsLast' | 'channelsFirst';

/** Number of spatial axes that a class name says (`Conv2D`, `Convolution1D`); 2 when it says none. */
export function spatialRank(className: string): number {
  const match = /([123])D/i.exec(className);
  return match === null ? 2 : Number(match[1]);
}

/** The padding under Keras 2's or Keras 1's key. */
export function readPadding(raw: RawConfig): Padding {
  return raw.string(['padding', 'border_mode'], ['valid', 'same', 'causal'], 'valid');
}

/** The data format under Keras 2's key, or Keras 1's `dim_ordering` (`tf`, `th`). */
export function readDataFormat(raw: RawConfig): DataFormat {
  const old = raw.raw('dim_ordering');
  if (old === 'th') return 'channelsFirst';
  if (old === 'tf' || old === 'default') return 'channelsLast';
  return raw.string(['data_format'], ['channelsLast', 'channelsFirst'], 'channelsLast');
}

/** Positive integers, one per spatial axis. */
export function readSizes(
  raw: RawConfig,
  keys: readonly string[],
  rank: number,
  fallback?: number,
): readonly number[] {
  const sizes = raw.tuple(
    keys,
    rank,
    fallback === undefined ? undefined : Array.from({ length: rank }, () => fallback),
  );
  const bad = sizes.find((size) => size < 1);
  if (bad !== undefined)
    throw new InputError({
      message: `${raw.className}: ${keys[0] ?? ''} must be positive.`,
      found: String(bad),
      expected: 'positive integers',
    });
  return sizes;
}

/** Spatial sizes and channels of an image-like shape. */
export function splitShape(
  shape: Shape,
  format: DataFormat,
): { readonly spatial: readonly number[]; readonly channels: number } {
  const sizes = shape.slice(1).map((_size, i) => knownSize(shape, i + 1));
  return format === 'channelsLast'
    ? { spatial: sizes.slice(0, -1), channels: sizes.at(-1) ?? 1 }
    : { spatial: sizes.slice(1), channels: sizes[0] ?? 1 };
}

/** The shape of given spatial sizes and channels. */
export function joinShape(
  batch: number | null,
  spatial: readonly number[],
  channels: number,
  format: DataFormat,
): Shape {
  return format === 'channelsLast' ? [batch, ...spatial, channels] : [batch, channels, ...spatial];
}

/** Length after a sliding window (Keras `conv_output_length`). Throws an InputError when nothing is left. */
export function windowLength(
  input: number,
  window: number,
  stride: number,
  dilation: number,
  padding: Padding,
): number {
  const reach = (window - 1) * dilation + 1;
  const length = padding === 'valid' ? Math.floor((input - reach) / stride) + 1 : Math.ceil(input / stride);
  if (length >= 1) return length;
  throw new InputError({
    message: 'The window is larger than the input: nothing is left.',
    found: `input size ${input}, window ${reach}`,
    expected: 'an input at least as large as the window',
    hint: 'Give a larger input shape (--input-shape), or use padding "same".',
  });
}

/** Length after a transposed convolution (Keras `deconv_output_length`; without output padding the default one). */
export function transposedLength(
  input: number,
  window: number,
  stride: number,
  dilation: number,
  padding: Padding,
  outputPadding?: number,
): number {
  const reach = (window - 1) * dilation + 1;
  if (outputPadding === undefined)
    return padding === 'same' ? input * stride : input * stride + Math.max(reach - stride, 0);
  const pad = padding === 'same' ? Math.floor(reach / 2) : 0;
  return (input - 1) * stride + reach - 2 * pad + outputPadding;
}

/** Channels must divide into groups. Throws an InputError otherwise. */
export function checkGroups(channels: number, filters: number, groups: number, shape: Shape): void {
  if (channels % groups === 0 && filters % groups === 0) return;
  throw new InputError({
    message: 'The groups do not divide the channels.',
    found: `${channels} channels in ${formatShape(shape)}, ${filters} filters, ${groups} groups`,
    expected: 'channels and filters that are multiples of the groups',
  });
}
