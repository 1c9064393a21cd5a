import type { Change } from '../model/change.ts';
import type { Advice, AdviceOutcome, Finding } from '../model/finding.ts';
import type { ModelSpec } from '../model/spec.ts';
import { snippets } from './snippet.ts';
import { titleOf } from './title.ts';

/** A set of changes with what was measured (or predicted) after it. */
export interface Tried {
  readonly changes: readonly Change[];
  readonly after: AdviceOutcome;
}

/** Places that a set of changes touches. */
function editCount(changes: readonly Change[]): number {
  return changes.reduce((all, { layers }) => all + layers.length, 0);
}

/** Differences smaller than these do not decide; the next figure does. */
const STEP = { drift: 0.35, share: 0.05, loss: 0.1 } as const;

const coarse = (value: number, step: number): number =>
  Number.isFinite(value) ? Math.round(value / step) : Infinity;

function keys({ changes, after }: Tried): readonly number[] {
  return [
    after.findings.length,
    coarse(after.drift, STEP.drift),
    coarse(after.dead, STEP.share) + coarse(after.saturated, STEP.share),
    coarse(after.initialLoss, STEP.loss),
    editCount(changes),
  ];
}

/** Best first: rules that remain, worst-case drift, dead and saturated share, initial loss, number of edits. */
export function rank(tried: readonly Tried[]): readonly Tried[] {
  return [...tried].sort((left, right) => {
    const a = keys(left);
    const b = keys(right);
    for (const [index, value] of a.entries()) {
      const other = b[index] ?? 0;
      if (value !== other) return value < other ? -1 : 1;
    }
    return 0;
  });
}

/** Whether the change measurably helps: its rule is gone, and nothing new fires. */
export function helps(finding: Finding, before: AdviceOutcome, after: AdviceOutcome): boolean {
  const fresh = after.findings.filter((rule) => !before.findings.includes(rule) && rule !== finding.rule);
  if (fresh.length > 0) return false;
  if (before.findings.includes(finding.rule)) return !after.findings.includes(finding.rule);
  return after.drift <= before.drift + STEP.drift && after.dead <= before.dead + STEP.share;
}

function places(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(
    changes.flatMap(({ layers, weight, initializer: { id, params } }) =>
      layers.map((layer) => JSON.stringify([layer, weight, id, params])),
    ),
  );
}

/** Leaves out what is only a part of better advice: fewer of the same edits with a worse outcome. */
function withoutParts(ranked: readonly Tried[]): readonly Tried[] {
  const sets = ranked.map(({ changes }) => places(changes));
  return ranked.filter((_, index) => {
    const own = [...(sets[index] ?? [])];
    return !sets
      .slice(0, index)
      .some((better) => own.length < better.size && own.every((place) => better.has(place)));
  });
}

/** What a finding offers: the helpful candidates, best first, no parts of better ones, at most three; the first is preferred unless the file carries weights. */
export function composeAdvice(
  spec: ModelSpec,
  finding: Finding,
  before: AdviceOutcome,
  tried: readonly Tried[],
  proof: Advice['proof'] = 'measured',
): readonly Advice[] {
  const helpful = withoutParts(rank(tried.filter(({ after }) => helps(finding, before, after)))).slice(0, 3);
  return helpful.map(({ changes, after }, index) => ({
    title: titleOf(spec, changes),
    changes,
    snippet: snippets(spec, changes),
    proof,
    before,
    after,
    preferred: index === 0 && !spec.savedWeights,
    ...(spec.savedWeights
      ? { caveat: 'The saved weights stay as they are: only models built anew from this file change.' }
      : {}),
  }));
}
