import type { Spectrum, WeightStats } from '../model/measurement.ts';
import { formatNumber, formatRatio } from '../model/numberText.ts';

/** Singular values below this part of the largest carry nothing through float32 weights. */
const NOTHING = 1e-6;
/** How many times the fresh draw's a condition number, or a largest singular value at equal rms, is worth a word. */
const CONDITION = 10;
const LEADING = 2;

interface Pair {
  readonly name: string;
  readonly saved: Spectrum;
  readonly fresh: Spectrum | undefined;
  /** Root mean square of a weight, saved over fresh. */
  readonly scale: number;
}

const rankOf = ({ values, max, count }: Spectrum): number =>
  Math.round((values.filter((value) => value > NOTHING * max).length / values.length) * count);

const condition = ({ max, min }: Spectrum): number => max / min;

function rankText({ name, saved, fresh }: Pair): string {
  const rank = rankOf(saved);
  if (saved.max === 0 || rank >= Math.min(saved.count, fresh === undefined ? saved.count : rankOf(fresh)))
    return '';
  const about = saved.values.length < saved.count ? 'about ' : '';
  const before = fresh === undefined ? '' : ` (fresh: ${rankOf(fresh)})`;
  return `the kernel of ${name} has rank ${about}${rank} of ${saved.count}${before}`;
}

/** The one of most; undefined where none is measured on both sides and reaches `least`. */
function largest(
  pairs: readonly Pair[],
  ratio: (saved: Spectrum, fresh: Spectrum, scale: number) => number,
  least: number,
): { readonly pair: Pair; readonly fresh: Spectrum; readonly by: number } | undefined {
  const known = pairs.flatMap((pair) => {
    const { saved, fresh, scale } = pair;
    const by = fresh === undefined ? NaN : ratio(saved, fresh, scale);
    return fresh !== undefined && by >= least && by < Infinity ? [{ pair, fresh, by }] : [];
  });
  return known.sort((a, b) => b.by - a.by)[0];
}

/**
 * What the spectra of saved kernels show beside the fresh draw's, worst first: lost rank, a condition number many times as large, directions
 * that outgrew the rest. Said of weights as they are, never as a fault of the initializer; empty where nothing stands out or was measured.
 */
export function spectraTexts(
  kernels: readonly WeightStats[],
  fresh: readonly WeightStats[],
): readonly string[] {
  const drawn = new Map(fresh.map((each) => [`${each.layer}\n${each.weight}`, each]));
  const pairs = kernels.flatMap(({ layer, weight, singular, value }): Pair[] => {
    const before = drawn.get(`${layer}\n${weight}`);
    const name = weight === 'kernel' ? layer : `${layer} (${weight})`;
    const scale = before === undefined || before.value.rms === 0 ? NaN : value.rms / before.value.rms;
    return singular === undefined ? [] : [{ name, saved: singular, fresh: before?.singular, scale }];
  });
  const ranks = pairs.map(rankText).filter((text) => text !== '');
  const more = ranks.length > 1 ? `${ranks[0] ?? ''}, and ${ranks.length - 1} more lost rank` : ranks[0];
  const worst = largest(pairs, (saved, before) => condition(saved) / condition(before), CONDITION);
  const grown = largest(pairs, (saved, before, scale) => saved.max / before.max / scale, LEADING);
  return [
    ...(more === undefined ? [] : [more]),
    ...(worst === undefined
      ? []
      : [
          `the kernel of ${worst.pair.name} has condition ${formatNumber(condition(worst.pair.saved))} (fresh: ${formatNumber(condition(worst.fresh))})`,
        ]),
    ...(grown === undefined
      ? []
      : [
          `few directions lead in ${grown.pair.name}: its largest singular value is ${formatRatio(grown.by)} the fresh draw's at equal rms`,
        ]),
  ];
}
