import type { Measured } from '../model/report.ts';
import type { LayerSpec, WeightSpec } from '../model/spec.ts';
import { average, difference, logs, type Context, type Look, type WeightedNode } from './context.ts';
import { scaleInterval } from './interval.ts';

/** ln(rms(Wx + b)/rms(x)) of a layer per seed. */
function gainLogs(look: Look | undefined, entry: WeightedNode): readonly number[] | undefined {
  if (look === undefined) return undefined;
  const quantity =
    look.values(entry.node.id, 'preActivation', (tap) => tap.inputRms) === undefined
      ? 'activation'
      : 'preActivation';
  const out = logs(look.values(entry.node.id, quantity, (tap) => tap.value.rms));
  const input = logs(look.values(entry.node.id, quantity, (tap) => tap.inputRms));
  return difference(out, input);
}

/** Own factor of a layer: rms(Wx + b)/rms(x) over the same in the twin, before norm and activation (rules.md). */
export function ownFactor(context: Context, entry: WeightedNode): Measured | undefined {
  const own = gainLogs(context.look, entry);
  const twin = gainLogs(context.twinLook, entry);
  const ratio = difference(own, twin);
  return ratio === undefined ? undefined : scaleInterval(ratio);
}

/** rms(W) as drawn over what the layer needs of this weight; undefined where it needs nothing. */
export function kernelFactor(
  context: Pick<Context, 'prediction'> & { readonly look?: Look },
  layer: LayerSpec,
  weight: WeightSpec,
): number | undefined {
  const need = context.prediction.weights?.[`${layer.id}|${weight.name}`];
  if (need === undefined || !(need.neededRms > 0)) return undefined;
  const drawn = average(context.look?.weight(layer.id, weight.name, (stats) => stats.value.rms));
  return (drawn ?? need.drawnRms) / need.neededRms;
}

/** rms(W) as drawn over what the layer needs; the largest distance from 1 over its kernels of that part. */
export function staticFactorOf(
  context: Pick<Context, 'prediction'> & { readonly look?: Look },
  entry: Pick<WeightedNode, 'layer'>,
  part: 'kernel' | 'recurrent' = 'kernel',
): number | undefined {
  let worst: number | undefined;
  for (const weight of entry.layer.weights) {
    if (weight.part !== part) continue;
    const factor = kernelFactor(context, entry.layer, weight);
    if (factor === undefined) continue;
    if (worst === undefined || Math.abs(Math.log(factor)) > Math.abs(Math.log(worst))) worst = factor;
  }
  return worst;
}

/** Largest own factor above 1 of any hidden layer not hidden behind a norm. */
export function largestFactor(context: Context): number | undefined {
  let largest: number | undefined;
  for (const entry of context.weighted) {
    if (entry.layer.roles.includes('head') || entry.layer.roles.includes('before-norm')) continue;
    const factor = ownFactor(context, entry)?.mean ?? staticFactorOf(context, entry);
    if (factor !== undefined && (largest === undefined || factor > largest)) largest = factor;
  }
  return largest;
}

/** A head's kernel against 1/√fan_in. */
export function headFactor(context: Context, head: string): number | undefined {
  const entry = context.weighted.find(({ layer }) => layer.id === head);
  return entry === undefined ? undefined : staticFactorOf(context, entry);
}

/** rms of the largest real input. */
export function inputFactor(context: Context): number | undefined {
  const values = context.spec.inputs.map((input) =>
    input.values === 'ids'
      ? undefined
      : average(context.look.values(input.node, 'activation', (tap) => tap.value.rms)),
  );
  return values.reduce(
    (all, next) => (next !== undefined && (all === undefined || next > all) ? next : all),
    undefined,
  );
}
