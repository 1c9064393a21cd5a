import type { InspectProgress, InspectRequest, Inspector } from '../inspect/inspector.ts';
import type { ReportSet } from '../model/report.ts';

/** The workers did not answer in time and were given up. */
export class HungError extends Error {
  constructor(milliseconds: number) {
    super(`The measurement did not end within ${Math.round(milliseconds / 1000)} s and was stopped.`);
    this.name = 'HungError';
  }
}

/**
 * Inspects with an end in every case: done, aborted at once by the signal, or given up after `patience` milliseconds.
 * `giveUp` is called when the inspector does not let go by itself.
 */
export async function inspectWithin(
  inspector: Inspector,
  request: InspectRequest,
  signal: AbortSignal,
  patience: number,
  onProgress: (progress: InspectProgress) => void,
  giveUp: () => void,
): Promise<ReportSet> {
  signal.throwIfAborted();
  let settled = false;
  const work = inspector.inspect(request, signal, onProgress).finally(() => {
    settled = true;
  });
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const end = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(new HungError(patience));
    }, patience);
    stop = () => {
      const grace = setTimeout(() => {
        if (!settled) giveUp();
      }, 2000);
      grace.unref();
      reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

/** Where an inspection is, for people: `measuring, seed 3 of 5`. */
export function progressText(progress: InspectProgress): string {
  const { phase, done, total, layer } = progress;
  const where = layer === undefined ? '' : `, ${layer}`;
  if (phase === 'read') return 'reading';
  const count = total > 1 ? `, ${Math.min(done + 1, total)} of ${total}` : '';
  if (phase === 'measure') return `measuring${count}${where}`;
  return phase === 'twin' ? `measuring what is expected${count}${where}` : `proving repairs${count}${where}`;
}
