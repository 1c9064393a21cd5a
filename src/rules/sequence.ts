import type { TapStats } from '../model/measurement.ts';
import { formatNumber } from '../model/numberText.ts';
import type { LayerSpec } from '../model/spec.ts';
import { average, difference, logs, proof, type Context, type Look, type Symptom } from './context.ts';
import { above, below, scaleInterval, shareInterval } from './interval.ts';
import { decided } from './scale.ts';
import { consumers } from './structure.ts';

function namedTap(
  look: Look | undefined,
  layer: string,
  wanted: (tap: TapStats) => boolean,
  pick: (tap: TapStats) => number | undefined,
): readonly number[] | undefined {
  const values = look?.measurement.seeds.map((seed) => {
    const tap = seed.taps.find((each) => each.layer === layer && wanted(each));
    return tap === undefined ? undefined : pick(tap);
  });
  return values?.every((value) => value !== undefined) === true ? values : undefined;
}

/** ln(‖∂h₁‖/‖∂h_T‖) per seed from the taps of the first and last state. */
function timeLogs(look: Look | undefined, layer: string): readonly number[] | undefined {
  const at = (name: string): readonly number[] | undefined =>
    logs(
      namedTap(
        look,
        layer,
        (tap) => tap.name === name,
        (tap) => tap.gradientNorm,
      ),
    );
  return difference(at('first step'), at('last step'));
}

/** `recurrent-scale`: gradient from the last to the first step, against the twin's. */
export function recurrentSymptoms(context: Context): readonly Symptom[] {
  const limit = context.threshold('recurrent-scale', 'decades');
  return [...context.layers.values()].flatMap((layer): Symptom[] => {
    if (!layer.weights.some((weight) => weight.part === 'recurrent')) return [];
    const own = timeLogs(context.look, layer.id);
    if (own === undefined) return [];
    if (context.twinLook === undefined) {
      if (suspicious(context, layer)) context.open.wantsTwin = true;
      return [];
    }
    const rest = difference(own, timeLogs(context.twinLook, layer.id));
    if (rest === undefined) return [];
    const decades = rest.map((value) => value / Math.LN10);
    const measured = shareInterval(decades, -Infinity, Infinity);
    if (!decided(context, above(measured, limit)) && !decided(context, below(measured, -limit))) return [];
    const vanishes = measured.mean < 0;
    return [
      {
        rule: 'recurrent-scale',
        severity: 'warning',
        layer: layer.id,
        chain: true,
        cause: layer.id,
        message: `the gradient of ${layer.id} ${vanishes ? 'vanishes' : 'explodes'} through time: 10^${formatNumber(measured.mean)} of the well-initialized twin’s at the first step`,
        values: [proof('decades against the twin', measured, [-limit, limit], '')],
      },
    ];
  });
}

/** A recurrent layer whose kernels are off: only then is a twin worth its time. */
function suspicious(context: Context, layer: LayerSpec): boolean {
  return layer.weights.some((weight) => {
    const need = context.prediction.weights?.[`${layer.id}|${weight.name}`];
    const factor = need === undefined ? 1 : need.drawnRms / need.neededRms;
    return factor > 1.5 || factor < 0.6;
  });
}

/** `attention-saturation`: std of attention logits. */
export function attentionSymptoms(context: Context): readonly Symptom[] {
  const limit = context.threshold('attention-saturation', 'std');
  return [...context.layers.values()].flatMap((layer): Symptom[] => {
    const values = logs(
      namedTap(
        context.look,
        layer.id,
        (tap) => tap.quantity === 'logits',
        (tap) => tap.value.std,
      ),
    );
    if (values === undefined) return [];
    const measured = scaleInterval(values);
    if (!decided(context, above(measured, limit))) return [];
    return [
      {
        rule: 'attention-saturation',
        severity: 'warning',
        layer: layer.id,
        chain: true,
        message: `the attention logits of ${layer.id} have std ${formatNumber(measured.mean)}: attention is nearly one-hot`,
        values: [proof('std of logits', measured, [null, limit], '')],
      },
    ];
  });
}

/** `embedding-scale`: an embedding far off what is added to it, and tied logits. */
export function embeddingSymptoms(context: Context): readonly Symptom[] {
  const limit = context.threshold('embedding-scale', 'ratio');
  const rmsOf = (node: string): number | undefined =>
    average(context.look.values(node, 'activation', (tap) => tap.value.rms));
  return context.spec.nodes.flatMap((node): readonly Symptom[] => {
    const layer = context.layers.get(node.layer);
    if (layer?.kind !== 'embedding') return [];
    const own = rmsOf(node.id);
    for (const next of consumers(context.spec, node.id)) {
      const merge = context.layers.get(next.layer);
      if (merge?.kind !== 'merge' || merge.config['op'] !== 'add' || own === undefined) continue;
      for (const ref of next.inputs) {
        const other = ref.node === node.id ? undefined : rmsOf(ref.node);
        if (other === undefined || own / other < limit) continue;
        const measured = {
          mean: own / other,
          lo: own / other,
          hi: own / other,
          n: context.measurement.seeds.length,
        };
        return [
          {
            rule: 'embedding-scale',
            severity: 'warning',
            layer: layer.id,
            chain: false,
            cause: layer.id,
            message: `${layer.id} is ${formatNumber(measured.mean)} times as large as ${ref.node}, which is added to it`,
            values: [proof('embedding / added', measured, [1 / limit, limit], 'ratio')],
          },
        ];
      }
    }
    return tiedLogits(context, layer);
  });
}

/** Logits of an embedding that is called again as the head; one called again on another input (siamese nets) makes no logits. */
function tiedLogits(context: Context, layer: LayerSpec): readonly Symptom[] {
  if (!layer.roles.includes('tied') || !layer.roles.includes('head')) return [];
  const limit = context.threshold('embedding-scale', 'logits');
  const stds = context.measurement.seeds
    .flatMap((seed) => seed.losses.map((loss) => loss.logitStd))
    .filter((value) => value > 0);
  if (stds.length < context.measurement.seeds.length) return [];
  const measured = scaleInterval(stds.map(Math.log));
  if (!decided(context, above(measured, limit))) return [];
  return [
    {
      rule: 'embedding-scale',
      severity: 'warning',
      layer: layer.id,
      chain: false,
      cause: layer.id,
      message: `the tied embedding ${layer.id} gives logits of std ${formatNumber(measured.mean)}`,
      values: [proof('std of tied logits', measured, [null, limit], '')],
    },
  ];
}
