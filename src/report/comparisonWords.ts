import type { ComparedStart, Comparison, StartFigures } from '../model/comparison.ts';
import { formatNumber, formatRatio, formatShare } from '../model/numberText.ts';
import type { Measured } from '../model/report.ts';
import { plural } from './reportText.ts';

const JUDGED = ['drift', 'dead', 'saturated', 'initialLoss'] as const;

const overlap = (a: Measured, b: Measured) => a.lo <= b.hi && b.lo <= a.hi;

/** The starts that no figure tells from the best over these seeds: as many findings, and every interval overlaps the best's. */
export function undecided([best, ...others]: readonly ComparedStart[]): readonly ComparedStart[] {
  if (best === undefined) return [];
  return others.filter(
    ({ figures, findings }) =>
      findings.length === best.findings.length &&
      JUDGED.every((name) => overlap(figures[name], best.figures[name])),
  );
}

/** By what one start is better than another, where no seed of this figure's interval is shared. */
const BETTER: Readonly<
  Record<(typeof JUDGED)[number], (better: StartFigures, other: StartFigures) => string>
> = {
  drift: (better, other) => {
    const kept = ({ signal, gradient }: StartFigures): string =>
      `signal ${formatRatio(signal.mean)} and gradient ${formatRatio(gradient.mean)}`;
    return `drifts less over depth (${kept(better)}, against ${kept(other)})`;
  },
  dead: ({ dead }, other) =>
    `leaves fewer units dead (${formatShare(dead.mean)} against ${formatShare(other.dead.mean)})`,
  saturated: ({ saturated }, other) =>
    `saturates fewer values (${formatShare(saturated.mean)} against ${formatShare(other.saturated.mean)})`,
  initialLoss: ({ initialLoss }, other) =>
    `starts at a lower loss (${formatNumber(initialLoss.mean)} against ${formatNumber(other.initialLoss.mean)})`,
};

/** In what the second is better all the same: ranks go by drift first. */
function reservation([best, second]: readonly ComparedStart[]): string {
  if (best === undefined || second === undefined || second.findings.length > 0) return '';
  const name = JUDGED.find(
    (each) =>
      !overlap(best.figures[each], second.figures[each]) &&
      second.figures[each].mean < best.figures[each].mean,
  );
  const title = second.id === 'file' ? 'the file’s own start' : second.title;
  return name === undefined ? '' : `; but ${title} ${BETTER[name](second.figures, best.figures)}`;
}

/** Which start is best, in one sentence; that it is not decided where the intervals over seeds overlap. */
export function comparisonOutcome({ starts, plan }: Comparison): string {
  const [best] = starts;
  if (best === undefined) return 'Nothing was compared.';
  const [fault] = best.findings;
  const alike = undecided(starts).map(({ title }) => title);
  const shown = alike.length > 3 ? [...alike.slice(0, 2), `${alike.length - 2} more`] : alike;
  const seeds = plural(plan.seeds.length, 'seed');
  if (alike.length > 0)
    return `Not decided: over ${seeds} nothing tells ${[best.title, ...shown].join(', ').replace(/, (?=[^,]*$)/, ' and ')} apart${fault === undefined ? '' : `, and none is free of ${fault}`}.`;
  return fault === undefined
    ? `${best.title} starts best, without a finding${reservation(starts)}.`
    : `No initialization is free of findings; ${best.title} comes closest, with ${fault}.`;
}

/** Whether Glorot or He fits this model, from the better ranked of each: one sentence; empty where not both were compared. */
export function glorotOrHe({ starts }: Comparison): string {
  const glorot = starts.find(({ id }) => id.startsWith('glorot-'));
  const he = starts.find(({ id }) => id.startsWith('he-'));
  if (glorot === undefined || he === undefined) return '';
  const [gFault, hFault] = [glorot.findings[0], he.findings[0]];
  if (gFault !== undefined && hFault !== undefined)
    return gFault === hFault
      ? `Glorot or He: neither fits this model, both show ${gFault}.`
      : `Glorot or He: neither fits this model; Glorot shows ${gFault}, He ${hFault}.`;
  if (gFault !== undefined) return `Glorot or He: He fits this model; Glorot shows ${gFault}.`;
  if (hFault !== undefined) return `Glorot or He: Glorot fits this model; He shows ${hFault}.`;
  const apart = JUDGED.find((name) => !overlap(glorot.figures[name], he.figures[name]));
  if (apart === undefined) return 'Glorot or He: both fit this model; these seeds show no difference.';
  const heIsBetter = he.figures[apart].mean < glorot.figures[apart].mean;
  const [name, better, other] = heIsBetter ? ['He', he, glorot] : ['Glorot', glorot, he];
  return `Glorot or He: neither is a fault in this model; ${name} ${BETTER[apart](better.figures, other.figures)}.`;
}
