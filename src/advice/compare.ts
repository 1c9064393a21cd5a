import type { Change } from '../model/change.ts';
import type { AdviceOutcome } from '../model/finding.ts';
import type { InitializerSpec } from '../model/initializers/initializer.ts';
import { formatNumber, formatRatio, formatShare } from '../model/numberText.ts';
import type { ModelSpec } from '../model/spec.ts';
import { rank, type Tried } from './rank.ts';
import { everyLayer, joined, twinChanges, type SingleChange } from './twin.ts';

/** An initializer to compare: a name for people and the changes that apply it to the model. */
export interface Contender {
  readonly name: string;
  readonly changes: readonly Change[];
}

/** A contender with what was measured, in its place. */
export interface Ranked extends Contender {
  readonly outcome: AdviceOutcome;
  /** 1 is best. */
  readonly place: number;
  /** One plain sentence why it stands there. */
  readonly why: string;
}

const plain = (id: string, params: InitializerSpec['params'] = {}): InitializerSpec => ({
  id,
  params,
  seed: null,
  written: id,
});

const UNIFORM_DEFAULT = plain('varianceScaling', { scale: 1 / 3, mode: 'fanIn', distribution: 'uniform' });

const SENSIBLE: readonly (readonly [string, InitializerSpec])[] = [
  ['Glorot uniform', plain('glorotUniform')],
  ['Glorot normal', plain('glorotNormal')],
  ['He uniform', plain('heUniform')],
  ['He normal', plain('heNormal')],
  ['LeCun uniform', plain('leCunUniform')],
  ['LeCun normal', plain('leCunNormal')],
  ['orthogonal', plain('orthogonal', { gain: 1 })],
  ['PyTorch default', UNIFORM_DEFAULT],
  ['N(0, 0.05²)', plain('randomNormal', { mean: 0, stddev: 0.05 })],
  ['N(0, 1)', plain('randomNormal', { mean: 0, stddev: 1 })],
  ['constant 0.1', plain('constant', { value: 0.1 })],
];

/** Every kernel but those a design holds (branch ends, gates), with this initializer. */
function everywhere(spec: ModelSpec, initializer: InitializerSpec): readonly Change[] {
  const kept = ['residual-end', 'branch-scale', 'gate'] as const;
  const singles = everyLayer(spec).flatMap((layer): SingleChange[] =>
    kept.some((role) => layer.roles.includes(role))
      ? []
      : layer.weights.flatMap((weight) =>
          weight.part === 'kernel' ? [{ layer: layer.id, weight: weight.name, initializer }] : [],
        ),
  );
  return joined(singles);
}

/** What `compare` measures: what the file has, the fitted initializers, every sensible one, and a constant for contrast. */
export function contenders(spec: ModelSpec): readonly Contender[] {
  return [
    { name: 'as in the file', changes: [] },
    { name: 'fitted', changes: twinChanges(spec) },
    ...SENSIBLE.map(([name, initializer]) => ({ name, changes: everywhere(spec, initializer) })),
  ];
}

function why({ after }: Tried): string {
  if (!Number.isFinite(after.drift)) return 'the signal leaves the range of float32';
  if (after.findings.includes('symmetric-units')) return 'all units of a layer stay equal';
  const signal = `the signal ends at ${formatRatio(after.signalRatio)} of its start`;
  const gradient = `the gradient reaches the first layer at ${formatRatio(after.gradientRatio)}`;
  const shares = [
    ...(after.dead > 0.2 ? [`${formatShare(after.dead)} of a layer’s units are dead`] : []),
    ...(after.saturated > 0.2 ? [`${formatShare(after.saturated)} of a layer’s values are saturated`] : []),
  ];
  const fires =
    after.findings.length === 0
      ? []
      : [`${after.findings.join(', ')} ${after.findings.length === 1 ? 'fires' : 'fire'}`];
  return [signal, gradient, ...shares, `first loss ${formatNumber(after.initialLoss)}`, ...fires].join('; ');
}

/** Contenders in order, best first, by the ranking of advice; ties in the order given. */
export function rankContenders(
  measured: readonly (Contender & { readonly outcome: AdviceOutcome })[],
): readonly Ranked[] {
  const byTried = new Map(
    measured.map((each) => [{ changes: each.changes, after: each.outcome } satisfies Tried, each]),
  );
  return rank([...byTried.keys()]).flatMap((tried, index) => {
    const contender = byTried.get(tried);
    return contender === undefined ? [] : [{ ...contender, place: index + 1, why: why(tried) }];
  });
}
