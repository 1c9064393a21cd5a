import { A_ROWS, B_PLAIN, B_TRANSPOSED, addProduct, blocks, setEpilogue } from './gemm';
import { at } from './simd';
import { openWorkspace, workspaceBytes } from './workspace';
import { gradientToFilter, transformFilter, transformGradient, transformInput, transformOutput } from './winogradTiles';

/** Tiles that are transformed and multiplied at a time: as many as a block of A has rows. */
const TILES: i32 = 128;

let batch: i32, inputs: i32, outputs: i32;
let height: i32, width: i32, outHeight: i32, outWidth: i32, padHeight: i32, padWidth: i32;

/** Bytes that the calls which follow need, for a 3 × 3 convolution with stride 1 of [n, h, w, ci] to [n, oh, ow, co], channels multiples of four. */
export function winogradGeometry(n: i32, ci: i32, co: i32, h: i32, w: i32, oh: i32, ow: i32, ph: i32, pw: i32): i32 {
  batch = n; inputs = ci; outputs = co;
  height = h; width = w; outHeight = oh; outWidth = ow; padHeight = ph; padWidth = pw;
  return workspaceBytes(0) + 64 + (max(ci, co) + 16 * (ci * co + TILES * (ci + co))) * 4;
}

/** Regions of the scratch memory: 16 pointers, a row of zeros, transformed filter, tiles of the source, tiles of the result. */
let points: usize, zeroRow: usize, spectrum: usize, tilesIn: usize, tilesOut: usize;

function open(scratch: usize): void {
  openWorkspace(scratch);
  setEpilogue(0, -Infinity, Infinity);
  points = scratch + <usize>workspaceBytes(0);
  zeroRow = points + 64;
  spectrum = at(zeroRow, max(inputs, outputs));
  tilesIn = at(spectrum, 16 * inputs * outputs);
  tilesOut = at(tilesIn, 16 * TILES * inputs);
  memory.fill(zeroRow, 0, <usize>max(inputs, outputs) << 2);
}

/** y = conv(x, filter). False where a result is not finite: then only the direct way says which are. */
export function winogradForward(x: usize, filter: usize, y: usize, scratch: usize): bool {
  open(scratch);
  transformFilter(filter, inputs * outputs, spectrum);
  const down = (outHeight + 1) / 2, across = (outWidth + 1) / 2;
  let finite = true;
  for (let first = 0; first < batch * down * across; first += TILES) {
    const count = min(TILES, batch * down * across - first);
    transformInput(x, inputs, height, width, padHeight, padWidth, down, across, first, count, TILES, points, zeroRow, tilesIn);
    for (let i = 0; i < 16; i++)
      blocks(count, outputs, inputs, at(tilesIn, i * TILES * inputs), inputs, A_ROWS, at(spectrum, i * inputs * outputs), outputs, B_PLAIN, at(tilesOut, i * TILES * outputs), outputs, 1);
    if (!transformOutput(tilesOut, outputs, TILES, down, across, first, count, outHeight, outWidth, y)) finite = false;
  }
  return finite;
}

@inline
function mirrored(i: i32): i32 {
  return i == 0 ? 3 : i == 3 ? 0 : i;
}

/** Position of the transform of the filter turned by 180°, which is what the input gradient multiplies with: 0 and 3 change places. */
@inline
function turned(i: i32): i32 {
  return 4 * mirrored(i >> 2) + mirrored(i & 3);
}

/** dx = gradient of the input from dy: a convolution with the turned, transposed filter. False as in `winogradForward`. */
export function winogradInputGradient(dy: usize, filter: usize, dx: usize, scratch: usize): bool {
  open(scratch);
  transformFilter(filter, inputs * outputs, spectrum);
  const down = (height + 1) / 2, across = (width + 1) / 2;
  const from = tilesIn, to = at(tilesIn, 16 * TILES * outputs);
  let finite = true;
  for (let first = 0; first < batch * down * across; first += TILES) {
    const count = min(TILES, batch * down * across - first);
    transformInput(dy, outputs, outHeight, outWidth, 2 - padHeight, 2 - padWidth, down, across, first, count, TILES, points, zeroRow, from);
    for (let i = 0; i < 16; i++)
      blocks(count, inputs, outputs, at(from, i * TILES * outputs), outputs, A_ROWS, at(spectrum, turned(i) * inputs * outputs), outputs, B_TRANSPOSED, at(to, i * TILES * inputs), inputs, 1);
    if (!transformOutput(to, inputs, TILES, down, across, first, count, height, width, dx)) finite = false;
  }
  return finite;
}

/** dfilter = gradient of the filter from x and dy: sixteen products over the tiles. False as in `winogradForward`. */
export function winogradFilterGradient(x: usize, dy: usize, dfilter: usize, scratch: usize): bool {
  open(scratch);
  memory.fill(spectrum, 0, <usize>(16 * inputs * outputs) << 2);
  const down = (outHeight + 1) / 2, across = (outWidth + 1) / 2;
  for (let first = 0; first < batch * down * across; first += TILES) {
    const count = min(TILES, batch * down * across - first);
    transformInput(x, inputs, height, width, padHeight, padWidth, down, across, first, count, TILES, points, zeroRow, tilesIn);
    transformGradient(dy, outputs, outHeight, outWidth, down, across, first, count, TILES, zeroRow, tilesOut);
    for (let i = 0; i < 16; i++)
      addProduct(inputs, outputs, count, at(tilesIn, i * TILES * inputs), inputs, true, at(tilesOut, i * TILES * outputs), outputs, false, at(spectrum, i * inputs * outputs), outputs);
  }
  return gradientToFilter(spectrum, inputs * outputs, dfilter);
}
