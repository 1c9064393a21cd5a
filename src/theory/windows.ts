/** How a window slides along one axis. `before`: zeros put before the first position. */
export interface AxisWindow {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}

/** Whether both slide alike. */
export function sameWindow(left: AxisWindow, right: AxisWindow): boolean {
  return (
    left.input === right.input &&
    left.output === right.output &&
    left.kernel === right.kernel &&
    left.stride === right.stride &&
    left.dilation === right.dilation &&
    left.before === right.before
  );
}

/** Zeros before the first position under `same` padding (the extra one goes behind, as TensorFlow has it). */
export function sameBefore(window: Omit<AxisWindow, 'before'>): number {
  const extent = (window.kernel - 1) * window.dilation + 1;
  return Math.floor(Math.max((window.output - 1) * window.stride + extent - window.input, 0) / 2);
}

/** What sliding does to second moments along an axis. */
interface Slid {
  /** Σ over a window of the input profile, over the kernel size and averaged over outputs: 1 without padding. */
  readonly seen: number;
  readonly profile: Float64Array;
}

/** Slides over a profile (relative second moments by position; flat when absent). */
export function slide(window: AxisWindow, profile: Float64Array | undefined): Slid {
  const out = new Float64Array(window.output);
  let total = 0;
  for (let position = 0; position < window.output; position += 1) {
    let sum = 0;
    for (let tap = 0; tap < window.kernel; tap += 1) {
      const at = position * window.stride + tap * window.dilation - window.before;
      if (at >= 0 && at < window.input) sum += profile?.[at] ?? 1;
    }
    out[position] = sum / window.kernel;
    total += sum / window.kernel;
  }
  const average = total / window.output;
  return { seen: average, profile: average > 0 ? out.map((value) => value / average) : out };
}

/** Share of a window's taps that are valid at two different positions, averaged over pairs: 1 without padding. */
export function seenTwice(window: AxisWindow): number {
  let sum = 0;
  const { output, kernel, input } = window;
  const far = Math.min(output, 64);
  const valid = (position: number, tap: number): number => {
    const at = position * window.stride + tap * window.dilation - window.before;
    return at >= 0 && at < input ? 1 : 0;
  };
  for (let tap = 0; tap < kernel; tap += 1) {
    let count = 0;
    for (let position = 0; position < far; position += 1)
      count += valid(Math.floor((position * output) / far), tap);
    sum += (count / far) ** 2;
  }
  return sum / kernel;
}

/** Whether all positions are alike, to a part in a thousand. */
export function isFlat(profile: Float64Array): boolean {
  return profile.every((value) => Math.abs(value - 1) < 1e-3);
}
