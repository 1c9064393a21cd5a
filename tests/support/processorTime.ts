/** Processor time in milliseconds that an action took in this process, all its threads together. */
export async function processorTime(action: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The least of several rounds: what else the process does (compiling, collecting garbage) or the machine is not counted against an action. */
export async function leastProcessorTime(action: () => unknown, rounds = 7): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) least = Math.min(least, await processorTime(action));
  return least;
}
