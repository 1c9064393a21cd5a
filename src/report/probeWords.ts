import type { Probe, ProbedStart, SolutionPair } from '../model/probe.ts';
import { formatNumber, formatShare } from './format.ts';

/** What the columns of the table of short trainings mean. */
export const PROBE_CAPTION =
  'Fastest first. Seeds disagree: share of held-out decisions (classes, signs) that differ between seeds; in a regression, the rms difference of the predictions over their rms. Distance: of the trained weights, √2 where they are independent. Barrier: how far the loss rises on the straight line between two solutions.';

const OPTIMIZERS: Readonly<Record<ProbedStart['optimizer'], string>> = { adam: 'Adam', sgd: 'SGD' };

/** A start and its optimizer. */
export function startName({ title, optimizer }: ProbedStart): string {
  return `${title}, ${OPTIMIZERS[optimizer]}`;
}

/** What became of the trainings of one start, in words: the outcome is never told by colour alone. */
export function startFate({ diverged, stuck, stepsToHalf }: ProbedStart): string {
  const parts = [
    diverged > 0 && `✖ ${formatShare(diverged)} of the seeds diverged`,
    stuck > 0 && `▲ ${formatShare(stuck)} stuck`,
    diverged + stuck < 1 &&
      (stepsToHalf === null ? 'half-way never reached' : `half-way after ${formatNumber(stepsToHalf)} steps`),
  ];
  return parts.filter(Boolean).join(' · ');
}

const fails = ({ diverged, stuck }: ProbedStart) => diverged + stuck > 0.5;

/** The mean of one measure over the pairs of seeds; undefined for a single seed. */
export function overPairs(
  pairs: readonly SolutionPair[],
  pick: (pair: SolutionPair) => number,
): number | undefined {
  return pairs.length === 0 ? undefined : pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length;
}

function sameSolution({ result: { pairs } }: ProbedStart): string | undefined {
  const disagreement = overPairs(pairs, (pair) => pair.disagreement);
  const distance = overPairs(pairs, (pair) => pair.distance);
  const barrier = overPairs(pairs, (pair) => pair.barrier);
  if (disagreement === undefined || distance === undefined || barrier === undefined) return undefined;
  const between =
    barrier > 0
      ? `the loss rises by ${formatNumber(barrier)} on the straight line between two of them`
      : 'the loss does not rise on the straight line between two of them';
  const found = barrier > 0 ? 'find different solutions' : 'find solutions of one valley';
  return `Seeds of the fastest start ${found}: they end ${formatNumber(distance)} apart in weights (√2: independent), disagree in ${formatShare(disagreement)}, and ${between}.`;
}

/**
 * A probe in plain sentences: which start learns fastest, what becomes of the file's own where that is another,
 * and how far the seeds of the fastest find the same solution. Holds at least one sentence.
 */
export function probeSentences({ starts, steps }: Probe): readonly string[] {
  const [best] = starts;
  if (best === undefined) return ['Nothing was trained.'];
  if (fails(best)) return [`No start learns within ${steps} steps.`];
  const own = starts.find(({ id }) => id === 'file');
  const sentences = [
    `${startName(best)} learns fastest.`,
    own !== undefined &&
      own !== best &&
      `The file's own start, ${OPTIMIZERS[own.optimizer]}: ${startFate(own)}.`,
    sameSolution(best),
  ];
  return sentences.filter((sentence) => typeof sentence === 'string');
}
