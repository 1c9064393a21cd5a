import type { ConvGeometry } from './convGeometry.ts';
import { address, type Heap, type HeapTensor, withScratch } from './heap.ts';

/** Below this many tiles of 2 × 2 outputs the transforms of the filter cost what the products save. */
const FEWEST_TILES = 48;
/** Fewer channels are dominated by the transforms of the tiles. */
const FEWEST_CHANNELS = 24;
/** Scratch memory that is worth it. */
const MOST_BYTES = 64 * 2 ** 20;

function bytesOf(
  heap: Heap,
  { batch, inChannels, outChannels, input, output, padding }: ConvGeometry,
): number {
  const [, h, w] = input;
  const [, oh, ow] = output;
  return heap.kernels.winogradGeometry!(batch, inChannels, outChannels, h, w, oh, ow, padding[1], padding[2]);
}

const one = (numbers: readonly number[]) => numbers.every((number) => number === 1);

/** Whether a convolution can go through tiles: two-dimensional, 3 × 3, stride 1, ungrouped, channels in fours. */
export function hasTiles({ kernel, strides, dilations, padding, groups, ...g }: ConvGeometry): boolean {
  const [kd, kh, kw] = kernel;
  return (
    kd === 1 &&
    kh === 3 &&
    kw === 3 &&
    groups === 1 &&
    g.input[0] === 1 &&
    one(strides) &&
    one(dilations) &&
    padding.every((before) => before <= 2) &&
    g.inChannels % 4 === 0 &&
    g.outChannels % 4 === 0
  );
}

/** Images up to this size have no more products outside the padding than tiles have (as/tapwise.ts). */
const SMALLEST_IMAGE = 2;

/** Whether going through tiles is faster (docs/kernels.md has the count). */
export function tilesPay(heap: Heap, g: ConvGeometry): boolean {
  const [, oh, ow] = g.output;
  const tiles = g.batch * Math.ceil(oh / 2) * Math.ceil(ow / 2);
  return (
    hasTiles(g) &&
    tiles >= FEWEST_TILES &&
    Math.max(...g.input) > SMALLEST_IMAGE &&
    Math.min(g.inChannels, g.outChannels) >= FEWEST_CHANNELS &&
    bytesOf(heap, g) <= MOST_BYTES
  );
}

/** The directions of a convolution: of what, with what, into what. */
export type Direction = 'Forward' | 'InputGradient' | 'FilterGradient';

/**
 * A convolution that `hasTiles` through Winograd's F(2 × 2, 3 × 3): 16 products a tile instead of 36. False when a result is not finite; `to` must then be
 * computed directly, since a transform spreads what is not finite over its tile.
 */
export function throughTiles(
  heap: Heap,
  direction: Direction,
  g: ConvGeometry,
  a: HeapTensor,
  b: HeapTensor,
  to: HeapTensor,
): boolean {
  return withScratch(heap, bytesOf(heap, g), (scratch) => {
    const run = heap.kernels[`winograd${direction}`]!;
    return run(address(heap, a), address(heap, b), address(heap, to), scratch) !== 0;
  });
}
