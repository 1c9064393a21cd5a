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

/** Processor time of this thread that a call takes, in milliseconds: V8's own threads and other processes do not count. The kernel counts in steps of up to 4 ms. */
export function processorTime(run: () => void): number {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** Processor time long enough that the steps in which it is counted do not matter. */
const SAMPLE = 100;

/** Calls that make a sample, at `one` milliseconds each. */
export function callsFor(one: number): number {
  return Math.max(1, Math.ceil(SAMPLE / Math.max(one, 1e-3)));
}

/** Processor time of one call in milliseconds, over `calls` of them. */
export function perCall(run: () => void, calls: number): number {
  const all = processorTime(() => {
    for (let i = 0; i < calls; i++) run();
  });
  return all / calls;
}

/**
 * Medians in milliseconds of the processor of two things run in turn (A B A B …), and the median of the pairwise ratios a/b. Before them a warm-up of at least
 * 200 ms, since WebAssembly is optimized in the background.
 */
export function paired(a: () => void, b: () => void, pairs = 7): { a: number; b: number; ratio: number } {
  const warm = performance.now() + 200;
  for (let i = 0; i < 3 || performance.now() < warm; i++) {
    a();
    b();
  }
  const [callsA, callsB] = [callsFor(milliseconds(a)), callsFor(milliseconds(b))];
  const times = Array.from({ length: pairs }, () => [perCall(a, callsA), perCall(b, callsB)] as const);
  return {
    a: median(times.map(([first]) => first)),
    b: median(times.map(([, second]) => second)),
    ratio: median(times.map(([first, second]) => first / second)),
  };
}
