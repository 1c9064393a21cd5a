import { activationKind } from '../model/activations/catalogue.ts';
import type { TapStats } from '../model/measurement.ts';
import { formatNumber, formatShare } from '../model/numberText.ts';
import type { LayerSpec, NodeSpec } from '../model/spec.ts';
import { average, difference, proof, type Context, type Symptom } from './context.ts';
import { above, below, shareInterval } from './interval.ts';
import { decided } from './scale.ts';

/** Samples × positions below which shares over units are not judged. */
const ENOUGH = 64;

/** Activation nodes (fused or not) with a given property, and the layer that owns them. */
function activations(
  context: Context,
  wanted: (layer: LayerSpec) => boolean,
): readonly { node: NodeSpec; layer: LayerSpec }[] {
  return context.spec.nodes.flatMap((node) => {
    const layer = context.layers.get(node.layer);
    return layer?.activation !== undefined && wanted(layer) ? [{ node, layer }] : [];
  });
}

const enough = (tap: TapStats): boolean => (tap.units?.samples ?? 0) >= ENOUGH;

/** Whether φ is exactly 0 on a whole side. */
function cuts(layer: LayerSpec): boolean {
  if (layer.activation === undefined) return false;
  const { id, params } = layer.activation;
  return (
    ['relu', 'relu6', 'threshold', 'sparse_plus'].includes(id) ||
    (id === 'clipped_relu' && (params['negative_slope'] ?? 0) === 0)
  );
}

/** `dead-relu`: share of dead units above the twin's at equal batch. */
export function deadSymptoms(context: Context): readonly Symptom[] {
  const margin = context.threshold('dead-relu', 'excess');
  const found: Symptom[] = [];
  for (const { node, layer } of activations(context, cuts)) {
    const dead = (tap: TapStats): number | undefined => (enough(tap) ? tap.units?.dead : undefined);
    const shares = context.look.values(node.id, 'activation', dead);
    if (shares === undefined || above(shareInterval(shares), margin) === 'within') continue;
    const expected = context.twinLook?.values(node.id, 'activation', dead);
    if (expected === undefined) {
      if (context.twinLook === undefined) context.open.wantsTwin = true;
      continue;
    }
    const more = shareInterval(difference(shares, expected) ?? [], -1);
    if (!decided(context, above(more, margin))) continue;
    const measured = shareInterval(shares);
    const healthy = average(expected) ?? 0;
    const whole = measured.mean > 0.999;
    found.push({
      rule: 'dead-relu',
      severity: whole ? 'error' : 'warning',
      layer: layer.id,
      chain: true,
      message: `${whole ? 'every unit' : `${formatShare(measured.mean)} of the units`} of ${layer.id} output${whole ? 's' : ''} 0 for every input (expected ${formatShare(healthy)})`,
      values: [proof('dead units', measured, [null, Math.min(1, healthy + margin)], 'share')],
    });
  }
  return found;
}

/** `bias-init`: zeros that a bias makes, and biases that hold GELU or SiLU in its flat part. */
export function biasSymptoms(context: Context): readonly Symptom[] {
  const found: Symptom[] = [];
  const most = context.threshold('bias-init', 'zeros');
  for (const { node, layer } of activations(context, cuts)) {
    const zeros = context.look.values(node.id, 'activation', (tap) => tap.value.zeros);
    if (zeros === undefined || above(shareInterval(zeros), most) === 'within') continue;
    const expected = average(context.twinLook?.values(node.id, 'activation', (tap) => tap.value.zeros));
    if (expected === undefined) {
      if (context.twinLook === undefined) context.open.wantsTwin = true;
      continue;
    }
    const measured = shareInterval(zeros);
    const cause = biasBefore(context, node);
    if (expected >= context.threshold('bias-init', 'expected') || cause === undefined) continue;
    if (!decided(context, above(measured, most))) continue;
    found.push({
      rule: 'bias-init',
      severity: 'warning',
      layer: layer.id,
      chain: true,
      cause: cause.layer,
      message: `${formatShare(measured.mean)} of the values of ${layer.id} are 0 (expected ${formatShare(expected)}): the bias of ${cause.layer} is ${formatNumber(cause.mean)} on average`,
      values: [proof('zeros', measured, [null, most], 'share')],
    });
  }
  return [...found, ...shiftSymptoms(context)];
}

/** The bias or offset with a large negative mean that stands last before an activation. */
function biasBefore(
  context: Context,
  node: NodeSpec,
): { readonly layer: string; readonly mean: number } | undefined {
  let at: NodeSpec | undefined = node;
  for (let step = 0; at !== undefined && step < 5; step += 1) {
    const layer = context.layers.get(at.layer);
    const weight = layer?.weights.find(({ part }) => part === 'bias' || part === 'offset');
    if (layer !== undefined && weight !== undefined) {
      const mean = average(context.look.weight(layer.id, weight.name, (stats) => stats.value.mean));
      if (mean !== undefined && mean < -0.25) return { layer: layer.id, mean };
      return undefined;
    }
    const from: string | undefined = at.inputs[0]?.node;
    at = context.spec.nodes.find((candidate) => candidate.id === from);
  }
  return undefined;
}

function shiftSymptoms(context: Context): readonly Symptom[] {
  const limit = context.threshold('bias-init', 'shift');
  const smooth = (layer: LayerSpec): boolean =>
    layer.activation !== undefined &&
    ['gelu', 'gelu_tanh', 'silu', 'mish', 'hard_silu'].includes(layer.activation.id);
  return activations(context, smooth).flatMap(({ node, layer }): Symptom[] => {
    const cause = biasBefore(context, node);
    if (cause === undefined) return [];
    const own = context.spec.nodes.find((candidate) => candidate.layer === cause.layer);
    const spread =
      own === undefined
        ? undefined
        : (context.look.values(own.id, 'preActivation', (tap) => tap.units?.stdOverData) ??
          context.look.values(own.id, 'activation', (tap) => tap.units?.stdOverData));
    if (spread === undefined) return [];
    const measured = shareInterval(
      spread.map((value) => -cause.mean / Math.max(value, 1e-30)),
      0,
      Infinity,
    );
    if (!decided(context, above(measured, limit))) return [];
    return [
      {
        rule: 'bias-init',
        severity: 'warning',
        layer: layer.id,
        chain: true,
        cause: cause.layer,
        message: `the bias of ${cause.layer} (${formatNumber(cause.mean)}) holds ${layer.id} in the flat part of ${layer.activation?.id ?? ''}`,
        values: [proof('−bias / std over data', measured, [null, limit], 'ratio')],
      },
    ];
  });
}

/** `saturated-activation`: share of values in the flat part. Softmax and sigmoid heads are the loss's business. */
export function saturatedSymptoms(context: Context): readonly Symptom[] {
  const limit = context.threshold('saturated-activation', 'share');
  const found: Symptom[] = [];
  const outputs = new Set(context.spec.outputs.map(({ ref }) => ref.node));
  const judge = (
    node: string,
    layer: LayerSpec,
    name: string,
    values: readonly number[] | undefined,
  ): void => {
    if (values === undefined) return;
    const measured = shareInterval(values);
    if (!decided(context, above(measured, limit))) return;
    const severe = above(measured, context.threshold('saturated-activation', 'error')) === 'beyond';
    found.push({
      rule: 'saturated-activation',
      severity: severe ? 'error' : 'warning',
      layer: layer.id,
      chain: true,
      message: `${formatShare(measured.mean)} of the values of ${layer.id} lie in the flat part of ${name}`,
      values: [proof('saturated', measured, [null, limit], 'share')],
    });
  };
  for (const { node, layer } of activations(context, () => true)) {
    const name = layer.activation?.id ?? '';
    const family = activationKind(name).family;
    if (outputs.has(node.id) && (family === 'normalizing' || name === 'sigmoid')) continue;
    if (family !== 'saturating' && family !== 'normalizing') continue;
    judge(
      node.id,
      layer,
      name,
      context.look.values(node.id, 'activation', (tap) => tap.units?.saturated),
    );
  }
  for (const [node, name, layer] of gateTaps(context)) {
    judge(node, layer, `the ${name} gate`, gateShares(context, node, name));
  }
  return found;
}

function gateTaps(context: Context): readonly (readonly [string, string, LayerSpec])[] {
  const [seed] = context.measurement.seeds;
  return (seed?.taps ?? []).flatMap((tap) => {
    const layer = context.layers.get(tap.layer);
    return tap.quantity === 'gate' && tap.name !== undefined && layer !== undefined
      ? [[tap.node, tap.name, layer] as const]
      : [];
  });
}

function gateShares(context: Context, node: string, name: string): readonly number[] | undefined {
  const values = context.measurement.seeds.map(
    (seed) =>
      seed.taps.find((tap) => tap.node === node && tap.quantity === 'gate' && tap.name === name)?.units
        ?.saturated,
  );
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** `correlation-collapse`: the last trunk layer's cosine, against the twin's: the model's own law says what it does, not what is normal. */
export function collapseSymptoms(context: Context): readonly Symptom[] {
  const limit = context.threshold('correlation-collapse', 'cosine');
  const last = context.weighted.findLast(({ onTrunk, layer }) => onTrunk && !layer.roles.includes('head'));
  if (last === undefined) return [];
  const values = context.look.values(last.node.id, 'activation', (tap) => tap.units?.cosine);
  if (values === undefined) return [];
  const measured = shareInterval(values, -1);
  if (above(measured, limit) !== 'beyond') return [];
  if (context.twinLook === undefined) context.open.wantsTwin = true;
  const law = average(context.twinLook?.values(last.node.id, 'activation', (tap) => tap.units?.cosine));
  const expected = law ?? context.prediction.nodes[last.node.id]?.cosine ?? 0;
  if (below(measured, expected + (1 - expected) / 2) !== 'within') return [];
  return [
    {
      rule: 'correlation-collapse',
      severity: 'information',
      layer: last.layer.id,
      chain: true,
      message: `all inputs arrive at ${last.layer.id} as nearly one direction: mean cosine ${formatNumber(measured.mean, 4)}`,
      values: [proof('cosine', measured, [null, limit], '')],
    },
  ];
}
