/** Median of a non-empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Milliseconds that a call takes. */
export function milliseconds(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** Medians in milliseconds of two things run in turn (A B A B …) after a warm-up of at least 200 ms (WebAssembly is optimized in the background), and the median of the pairwise ratios a/b. */
export function paired(a: () => void, b: () => void, pairs = 9): { a: number; b: number; ratio: number } {
  const warm = performance.now() + 200;
  for (let i = 0; i < 3 || performance.now() < warm; i++) {
    a();
    b();
  }
  const times = Array.from({ length: pairs }, () => [milliseconds(a), milliseconds(b)] as const);
  return {
    a: median(times.map(([first]) => first)),
    b: median(times.map(([, second]) => second)),
    ratio: median(times.map(([first, second]) => first / second)),
  };
}
