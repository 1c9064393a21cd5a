/** The tile of C held in registers: MR rows of NR columns (8 accumulators, 2 vectors of B, 4 broadcasts of A: 14 of 16 registers). */
export const MR: i32 = 4;
export const NR: i32 = 8;
/** Depth of a block: one panel of B (KC × NR floats, 8 kB) stays in the first-level cache. */
export const KC: i32 = 256;
/** Rows of a block of A (MC × KC floats, 128 kB) and columns of a block of B (KC × NC, 512 kB): both stay in the second-level cache. */
export const MC: i32 = 128;
export const NC: i32 = 512;

/** Bytes of a row entry: source address, source d, h, w, address of the row of C, one spare. */
export const ROW: i32 = 24;
/** Bytes of a tap entry: source offset d, h, w, the same as a byte offset, byte offset into the filter. */
export const TAP: i32 = 20;

/** Regions of the workspace of one call; nothing of it outlives the call. */
export let tile: usize = 0;
export let zeros: usize = 0;
export let rows: usize = 0;
export let panelA: usize = 0;
export let panelB: usize = 0;
export let taps: usize = 0;
/** Four rows of im2col, `LINE` floats each. */
export let lines: usize = 0;
export const LINE: i32 = MC + MR;

/** Bytes a call with this many filter taps needs (a matmul has none). */
export function workspaceBytes(tapCount: i32): i32 {
  return 256 + KC * 4 + 64 + (KC + 4) * ROW + (MC + MR) * KC * 4 + (NC + NR) * KC * 4 + 4 * LINE * 4 + tapCount * TAP + 64;
}

/** Divides the workspace at `at` into its regions and clears the row of zeros. */
export function openWorkspace(at: usize): void {
  tile = at;
  zeros = tile + 256;
  rows = zeros + KC * 4 + 64;
  panelA = rows + (KC + 4) * ROW;
  panelB = panelA + (MC + MR) * KC * 4;
  lines = panelB + (NC + NR) * KC * 4;
  taps = lines + 4 * LINE * 4;
  memory.fill(zeros, 0, KC * 4 + 64);
}
