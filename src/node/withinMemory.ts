import { totalmem } from 'node:os';
import type { Measurement } from '../model/measurement.ts';
import type { Measurer } from '../model/measurer.ts';

/** Share of the machine's memory that measurements may hold at once. */
const SHARE = 0.6;

/**
 * A measurer that runs no more seeds side by side than fit into memory together, by the plan's counted bytes (weights and values,
 * each with its gradient). The numbers are the same.
 */
export function withinMemory(measurer: Measurer, memory: number = totalmem()): Measurer {
  return {
    measure: async (request, signal, onProgress) => {
      const { seeds, plan } = request;
      const atOnce = Math.max(1, Math.floor((memory * SHARE) / (2 * plan.size.bytes)));
      if (atOnce >= seeds.length) return measurer.measure(request, signal, onProgress);
      let all: Measurement | undefined;
      for (let start = 0; start < seeds.length; start += atOnce) {
        const part = seeds.slice(start, start + atOnce);
        const measured = await measurer.measure({ ...request, seeds: part }, signal, ({ done, ...rest }) => {
          onProgress?.({ ...rest, done: start + done, total: seeds.length });
        });
        const before: Measurement['seeds'] = all?.seeds ?? [];
        all = { ...measured, seeds: [...before, ...measured.seeds] };
      }
      return all ?? measurer.measure(request, signal, onProgress);
    },
  };
}
