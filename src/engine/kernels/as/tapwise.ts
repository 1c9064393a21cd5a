import { A_PIXELS, A_TAPS, B_PIXELS, B_PLAIN, blocks, setAdding } from './gemm';
import { TAP, taps } from './workspace';
import { cutGrid, insideShare, setGrid, setStride } from './pixels';

/**
 * Convolutions of images so small that much of the filter lies in the padding (5 of 9 taps of a 3 × 3 filter on 2 × 2 points, 31 % of all on 4 × 4): one product a tap, over
 * the points for which it lies in the image. Each is added to C, so the channels of one tap must be worth reading and writing it again.
 */
const MOST_INSIDE: f64 = 0.85;
const FEWEST_CHANNELS: i32 = 32;

/** Whether the convolution that pixels.ts and the first `count` taps describe, of `unit` channels a tap to `columns`, goes this way. */
export function isTapwise(count: i32, unit: i32, columns: i32): bool {
  return min(unit, columns) >= FEWEST_CHANNELS && insideShare(count) <= MOST_INSIDE;
}

/**
 * Adds the convolution to its target, all zeros and as large as the grid d × h × w of each of the `batch` images; the stride s and the offset o are those of the whole grid. B
 * is the filter as `B_PLAIN` or `B_FILTER` reads it. Uses up the tap table. No epilogue.
 */
export function tapwiseBlocks(
  batch: i32, count: i32, columns: i32, unit: i32, B: usize, ldb: i32, modeB: i32, d: i32, h: i32, w: i32, sd: i32, sh: i32, sw: i32, od: i32, oh: i32, ow: i32,
): void {
  setAdding(true);
  for (let t = 0; t < count; t++) {
    setGrid(d, h, w);
    setStride(sd, sh, sw, od, oh, ow);
    const points = cutGrid(t);
    if (points == 0) continue;
    memory.copy(taps, taps + <usize>(t * TAP), TAP);
    const filter = modeB == B_PLAIN ? B + load<u32>(taps, 16) : B;
    blocks(batch * points, columns, unit, 0, 0, A_PIXELS, filter, ldb, modeB, 0, 0, unit);
  }
  setAdding(false);
}

/** The filter gradient likewise, a product a tap over its points: rows of dy are the target that pixels.ts has; `dfilter` [count, unit, columns]. */
export function tapwiseGradient(
  batch: i32, count: i32, columns: i32, unit: i32, dfilter: usize, d: i32, h: i32, w: i32, sd: i32, sh: i32, sw: i32, od: i32, oh: i32, ow: i32,
): void {
  for (let t = 0; t < count; t++) {
    setGrid(d, h, w);
    setStride(sd, sh, sw, od, oh, ow);
    const points = cutGrid(t);
    const to = dfilter + (<usize>(t * unit * columns) << 2);
    if (points == 0) memory.fill(to, 0, <usize>(unit * columns) << 2);
    else {
      memory.copy(taps, taps + <usize>(t * TAP), TAP);
      blocks(unit, columns, batch * points, 0, 0, A_TAPS, 0, 0, B_PIXELS, to, columns, unit);
    }
  }
}
