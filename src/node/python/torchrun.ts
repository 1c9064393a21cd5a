import { delimiter } from 'node:path';
import { type ProbeLink, type ProbeOptions, processLink } from './link.ts';

/** Why ranks ended, from what torchrun says last; undefined when it does not tell. */
export function torchrunFailure(said: string, interpreter: string): string | undefined {
  if (/No module named '?torch\b(?!\.)/.test(said))
    return `There is no PyTorch in ${interpreter}; install it: ${interpreter} -m pip install torch`;
  if (/No module named '?torch\.distributed\.run/.test(said))
    return `The PyTorch in ${interpreter} has no torchrun: --executor torchrun needs 2.6 or newer`;
  if (/_distributed_c10d|from 'torch\.distributed'/.test(said))
    return `The PyTorch in ${interpreter} is built without torch.distributed, by which ranks talk`;
  const first = said.slice(Math.max(0, said.indexOf('Root Cause')));
  const rank = /\brank\s*: (\d+)/.exec(first)?.[1];
  const code = /\bexitcode\s*: (-?\d+)/.exec(first)?.[1];
  if (rank === undefined || code === undefined) return undefined;
  const how = code.startsWith('-') ? `was ended by signal ${code.slice(1)}` : `ended with code ${code}`;
  return `Rank ${rank} of torchrun ${how}, and the others with it`;
}

/**
 * A probe as so many ranks of this machine under torchrun: models are spread over them by FSDP2. Rank 0 talks; all end together, and
 * with this process.
 */
export function torchrunLink(options: ProbeOptions, ranks: number): ProbeLink {
  const { interpreter, probeFolder, env } = options;
  const paths = [probeFolder, env.PYTHONPATH].filter(Boolean);
  const link = processLink(options, {
    args: [
      ...['-m', 'torch.distributed.run', '--standalone', `--nproc-per-node=${ranks}`, '--max-restarts=0'],
      ...['-m', 'initscope_probe.ranks'],
    ],
    env: {
      PYTHONPATH: paths.join(delimiter),
      // Every rank must go through sets in the same order.
      PYTHONHASHSEED: '0',
      OMP_NUM_THREADS: '1',
      // glibc's own limit rises with the first tensor that is freed; from then on parameters that come and go leave holes in the heap.
      MALLOC_MMAP_THRESHOLD_: '1048576',
    },
  });
  return {
    ...link,
    listen: (onLine, onEnd) =>
      link.listen(onLine, (how, said) => {
        const reason = torchrunFailure(said, interpreter);
        onEnd(reason ?? how, reason === undefined ? said : '');
      }),
  };
}
