import type { AdviceOutcome, Finding } from '../model/finding.ts';
import type { Measurement, SeedMeasurement, TapStats } from '../model/measurement.ts';
import type { ModelSpec } from '../model/spec.ts';
import { trunk } from '../model/trunk.ts';

const mean = (values: readonly number[]): number =>
  values.length === 0 ? NaN : values.reduce((all, next) => all + next, 0) / values.length;

/** Taps of the trunk's hidden weighted nodes, in order; behind the activation where before it nothing is tapped. */
function trunkTaps(seed: SeedMeasurement, nodes: readonly string[]): readonly TapStats[] {
  const byKey = new Map(
    seed.taps.filter(({ name }) => name === undefined).map((tap) => [`${tap.node}|${tap.quantity}`, tap]),
  );
  return nodes.flatMap((node) => byKey.get(`${node}|preActivation`) ?? byKey.get(`${node}|activation`) ?? []);
}

function hiddenTrunk(spec: ModelSpec): readonly string[] {
  const onTrunk = trunk(spec);
  const weighted = new Set(
    spec.layers
      .filter((layer) => !layer.roles.includes('head') && !layer.roles.includes('before-norm'))
      .filter((layer) => layer.weights.some(({ part }) => part === 'kernel'))
      .map((layer) => layer.id),
  );
  return spec.nodes.filter((node) => onTrunk.has(node.id) && weighted.has(node.layer)).map((node) => node.id);
}

/** ln of the last over the first positive value; 0 for fewer than two. */
function logRatio(values: readonly (number | undefined)[]): number {
  const positive = values.filter((value): value is number => value !== undefined && value > 0);
  const first = positive[0];
  const last = positive.at(-1);
  if (first === undefined || last === undefined) return 0;
  return Number.isFinite(last) && Number.isFinite(first) ? Math.log(last / first) : Infinity;
}

/** ln of the last over the first value: −∞ where nothing arrives, whatever was sent; ∞ where something comes of nothing; 0 for fewer than two. */
function endsRatio(values: readonly (number | undefined)[]): number {
  const known = values.filter((value) => value !== undefined);
  const [first, last] = [known[0], known.at(-1)];
  if (last === 0 && known.length > 1) return -Infinity;
  if (first === 0 && last !== undefined && last > 0) return Infinity;
  return logRatio(values);
}

/** Largest |ln(value/first)| over the trunk. */
function worstDrift(values: readonly (number | undefined)[]): number {
  let worst = 0;
  for (let index = 1; index < values.length; index += 1) {
    worst = Math.max(worst, Math.abs(logRatio([values[0], values[index]])));
  }
  return worst;
}

/** The figures by which a starting point is judged (averages over seeds), with the rules that still fire at warning or above. */
export function outcome(
  spec: ModelSpec,
  measurement: Measurement,
  findings: readonly Finding[],
): AdviceOutcome {
  const nodes = hiddenTrunk(spec);
  const perSeed = measurement.seeds.map((seed) => {
    const taps = trunkTaps(seed, nodes);
    const signal = taps.map((tap) => tap.value.rms);
    const gradient = taps.map((tap) => tap.gradientNorm);
    const units = seed.taps.filter((tap) => tap.quantity === 'activation').map((tap) => tap.units);
    const dead = units.map((each) => each?.dead).filter((share) => share !== undefined);
    const saturated = units.map((each) => each?.saturated).filter((share) => share !== undefined);
    const broken = seed.taps.some((tap) => tap.value.nonFinite > 0);
    return {
      drift: broken ? Infinity : Math.max(worstDrift(signal), worstDrift(gradient)),
      signal: endsRatio(signal),
      gradient: endsRatio(gradient.toReversed()),
      dead: Math.max(0, ...dead),
      saturated: Math.max(0, ...saturated),
      loss: mean(seed.losses.map((loss) => loss.value)),
    };
  });
  const firing = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
  return {
    drift: mean(perSeed.map((seed) => seed.drift)),
    signalRatio: Math.exp(mean(perSeed.map((seed) => seed.signal))),
    gradientRatio: Math.exp(mean(perSeed.map((seed) => seed.gradient))),
    dead: mean(perSeed.map((seed) => seed.dead)),
    saturated: mean(perSeed.map((seed) => seed.saturated)),
    initialLoss: mean(perSeed.map((seed) => seed.loss)),
    findings: [...new Set(firing.map(({ rule }) => rule))],
  };
}
