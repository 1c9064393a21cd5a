import { activationKind } from '../model/activations/catalogue.ts';
import { makesLogits } from '../model/attention.ts';
import { formatNumber, formatRatio, formatShare } from '../model/numberText.ts';
import type { LayerSpec, WeightSpec } from '../model/spec.ts';
import { average, type Context, type Symptom, type WeightedNode } from './context.ts';
import { kernelFactor, ownFactor, staticFactorOf } from './factors.ts';
import { explains } from './explains.ts';
import { tieOf } from './symmetry.ts';

/** What causes the symptoms of a model: the layer, everything that shares it, and one sentence. */
export interface Cause {
  readonly layer: string;
  readonly layers: readonly string[];
  readonly sentence: string;
  /** The rule that names this kind of cause. */
  readonly kind: 'tied' | 'scale' | 'bias' | 'mismatch' | 'activation' | 'input' | 'none';
}

const DESIGNS = ['residual-end', 'branch-scale', 'gate'] as const;

/** Weight and initializer as the file writes them, with what was drawn and what fits. */
export function describeKernel(
  context: Pick<Context, 'prediction'>,
  layer: LayerSpec,
  weight: WeightSpec,
): string {
  const need = context.prediction.weights?.[`${layer.id}|${weight.name}`];
  const written =
    weight.initializer.written === '(default)'
      ? `${weight.initializer.id} (the default)`
      : weight.initializer.written;
  if (need === undefined) return `${layer.id} draws its ${weight.name} by ${written}`;
  const factor = need.drawnRms / need.neededRms;
  const size =
    factor > 1 ? `${formatNumber(factor)} times too large` : `${formatNumber(1 / factor)} times too small`;
  const fits = `rms ${formatNumber(need.drawnRms)} where fan-in ${formatNumber(weight.effectiveFanIn)} and gain ${formatNumber(need.gain.needs)} (${need.activation}) want ${formatNumber(need.neededRms)}`;
  return Math.abs(Math.log(factor)) < 0.05 || factor === 0
    ? `${layer.id} draws its ${weight.name} by ${written}`
    : `${layer.id} draws its ${weight.name} by ${written}: ${fits}, ${size}`;
}

const out = (value: number | undefined, low: number, high: number): boolean =>
  value !== undefined && (value < low || value > high);

interface Fault {
  readonly kind: Cause['kind'];
  readonly sentence: string;
}

/** Stage 1: is this layer by itself off? Damped branch ends, heads and gates are designs; small kernels before norms harmless. */
function ownFault(context: Context, entry: WeightedNode): Fault | undefined {
  const { layer, kernel } = entry;
  const design = DESIGNS.some((role) => layer.roles.includes(role));
  const head = layer.roles.includes('head');
  const tie = tieOf(context, entry);
  if (tie.tied && !design && !head && (tie.factor >= 0.25 || tie.zero))
    return { kind: 'tied', sentence: `${describeKernel(context, layer, kernel)}: all its units start equal` };
  const factor = staticFactorOf(context, entry);
  const recurrent = staticFactorOf(context, entry, 'recurrent');
  const low = design || head ? 0 : 0.5;
  if (layer.roles.includes('before-norm')) {
    const large = layer.weights.find(
      (weight) => makesLogits(layer, weight) && out(kernelFactor(context, layer, weight), 0, 2),
    );
    if (large !== undefined) return { kind: 'scale', sentence: describeKernel(context, layer, large) };
    return out(factor, 0, 4)
      ? { kind: 'scale', sentence: describeKernel(context, layer, kernel) }
      : undefined;
  }
  const own = ownFactor(context, entry);
  const ownOff = own !== undefined && (own.lo > 2 || own.hi < low);
  const bias = biasShare(context, entry);
  const fits = !out(factor, low, 2) && !out(recurrent, 0.5, 2);
  if (bias !== undefined && (bias.share > 0.85 || (ownOff && fits))) return { kind: 'bias', sentence: '' };
  const weight = out(recurrent, 0.5, 2) ? layer.weights.find(({ part }) => part === 'recurrent') : undefined;
  if (weight !== undefined || out(factor, low, 2))
    return { kind: 'scale', sentence: describeKernel(context, layer, weight ?? kernel) };
  if (!ownOff || own === undefined) return undefined;
  return {
    kind: 'scale',
    sentence: `${layer.id} multiplies its input ${formatRatio(own.mean)} compared with a well-initialized layer (${describeKernel(context, layer, kernel)})`,
  };
}

/** A constant hidden bias of some size, with its mean square over the pre-activation's. */
function biasShare(
  context: Context,
  { layer, node }: WeightedNode,
): { readonly weight: WeightSpec; readonly share: number } | undefined {
  const weight = layer.weights.find(({ part }) => part === 'bias');
  if (weight === undefined || layer.roles.includes('head') || layer.roles.includes('gate')) return undefined;
  if (layer.weights.some(({ part }) => part === 'recurrent')) return undefined;
  const square = average(context.look.weight(layer.id, weight.name, (stats) => stats.value.rms ** 2));
  const total = average(context.look.values(node.id, 'preActivation', (tap) => tap.value.rms ** 2));
  if (square === undefined || total === undefined || !(square > 0.0625)) return undefined;
  return { weight, share: square / total };
}

/** The bias as a cause: its first layer, and all that start theirs alike. */
function biasCause(context: Context, entry: WeightedNode): Cause | undefined {
  const found = biasShare(context, entry);
  if (found === undefined) return undefined;
  const { written } = found.weight.initializer;
  const same = context.weighted.filter(
    (other) => biasShare(context, other)?.weight.initializer.written === written,
  );
  const first = same[0] ?? entry;
  const share = biasShare(context, first)?.share ?? found.share;
  return {
    layer: first.layer.id,
    layers: same.map(({ layer }) => layer.id),
    sentence: `${first.layer.id} starts its bias at ${written}: ${formatShare(share)} of the mean square before the activation`,
    kind: 'bias',
  };
}

/** Layers whose kernels are written and scaled alike: they share the cause. */
function alike(context: Context, first: WeightedNode): readonly string[] {
  const reference = staticFactorOf(context, first);
  const same = context.weighted.filter((entry) => {
    if (entry.kernel.initializer.id !== first.kernel.initializer.id) return false;
    if (entry.kernel.initializer.written !== first.kernel.initializer.written) return false;
    const factor = staticFactorOf(context, entry);
    if (entry === first || factor === undefined || reference === undefined) return entry === first;
    return reference === 0 ? factor === 0 : Math.abs(Math.log(factor)) > 0.13 && factor > 1 === reference > 1;
  });
  return same.map(({ layer }) => layer.id);
}

/** All layers whose units start equal: they share the cause whatever their size. */
function tiedLayers(context: Context): readonly string[] {
  return context.weighted
    .filter((entry) => ownFault(context, entry)?.kind === 'tied')
    .map(({ layer }) => layer.id);
}

/** Stage 2: uniform drift. The run of layers whose static factor is off by more than depth forgives. */
function runFault(context: Context): readonly WeightedNode[] {
  const trunk = context.weighted.filter(({ onTrunk }) => onTrunk);
  const depth = Math.max(2, trunk.length);
  const s = Math.max(1.15, Math.min(2, 20 ** (1 / (2 * (depth - 1)))));
  return context.weighted.filter((entry) => {
    const { roles } = entry.layer;
    if (
      roles.includes('head') ||
      roles.includes('before-norm') ||
      DESIGNS.some((role) => roles.includes(role))
    )
      return false;
    return out(staticFactorOf(context, entry), 1 / s, s);
  });
}

/** Whether an activation takes a factor of the gradient in every layer. */
const squashes = (id: string): boolean =>
  activationKind(id).family === 'saturating' || id === 'softplus' || id === 'exponential';

/** Where all own factors are in band the cause is φ′: the first squashing activation. */
function activationFault(context: Context): Cause | undefined {
  for (const node of context.spec.nodes) {
    const layer = context.layers.get(node.layer);
    if (layer?.activation === undefined || layer.roles.includes('head') || layer.roles.includes('gate'))
      continue;
    const { id } = layer.activation;
    const squashing = squashes(id);
    if (!squashing && activationKind(id).family !== 'smooth-rectifier') continue;
    const layers = context.spec.layers.filter(
      (other) => other.activation?.id === id && !other.roles.includes('head'),
    );
    const why = squashing
      ? 'its slope takes a factor of the gradient in every layer, which no initializer gives back both ways'
      : 'its unit-variance point is unstable, so small errors grow with depth';
    return {
      layer: layer.id,
      layers: layers.map((other) => other.id),
      sentence: `no kernel is far enough off to explain this; the cause is the activation ${id}: ${why}`,
      kind: 'activation',
    };
  }
  return undefined;
}

/** The cause of the chained symptoms (rules.md 'Cause, not echo', two stages); undefined when nothing but the symptom's own layer can be named. */
export function findCause(context: Context, symptoms: readonly Symptom[]): Cause | undefined {
  const named = symptoms.find(({ cause, rule }) => cause !== undefined && rule === 'input-scale');
  if (named?.cause !== undefined) {
    return {
      layer: named.cause,
      layers: [named.cause],
      sentence: 'the data is not near unit scale',
      kind: 'input',
    };
  }
  const squashing = context.spec.layers.some(
    ({ activation, roles }) => activation !== undefined && !roles.includes('head') && squashes(activation.id),
  );
  let passed: Cause | undefined;
  for (const entry of context.weighted) {
    const fault = ownFault(context, entry);
    if (fault === undefined) continue;
    if (fault.kind === 'bias') return biasCause(context, entry);
    const layers = fault.kind === 'tied' ? tiedLayers(context) : alike(context, entry);
    const cause = { layer: entry.layer.id, layers, ...fault };
    if (fault.kind !== 'scale' || !squashing || explains(context, cause.layers, symptoms)) return cause;
    passed ??= cause;
  }
  const offset = symptoms.find(({ rule, cause }) => rule === 'bias-init' && cause !== undefined);
  if (offset?.cause !== undefined) {
    return {
      layer: offset.cause,
      layers: [offset.cause],
      sentence: `the bias of ${offset.cause} outweighs the signal`,
      kind: 'bias',
    };
  }
  const run = runFault(context);
  const layers = run.map(({ layer }) => layer.id);
  const [first] = run;
  const drift: Cause | undefined =
    first === undefined
      ? undefined
      : {
          layer: first.layer.id,
          layers,
          sentence: describeKernel(context, first.layer, first.kernel),
          kind: 'mismatch',
        };
  if (drift !== undefined && explains(context, layers, symptoms)) return drift;
  return activationFault(context) ?? passed ?? drift;
}
