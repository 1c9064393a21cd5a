import type { Cause } from './cause.ts';
import type { Context, Symptom } from './context.ts';
import { staticFactorOf } from './factors.ts';

const FADING = new Set(['vanishing-signal', 'vanishing-gradient', 'dead-relu', 'constant-signal']);

/** What was labelled by training (docs/calibration.md): dense ReLU nets up to this size, one kernel down to this factor. */
const LABELLED = { depth: 10, width: 256, factor: 0.005 } as const;

function labelled(context: Context): boolean {
  const hidden = context.weighted.filter(({ layer }) => !layer.roles.includes('head'));
  return (
    hidden.length <= LABELLED.depth &&
    hidden.every(
      ({ layer, kernel }) =>
        layer.kind === 'dense' &&
        context.prediction.weights?.[`${layer.id}|${kernel.name}`]?.activation === 'relu' &&
        (kernel.shape.at(kernel.unitAxis) ?? Infinity) <= LABELLED.width,
    )
  );
}

/**
 * One small layer among fitting ones catches up within a few steps of training: what fades because of it alone is information.
 * Only where that was measured; deeper, wider and other nets, and smaller kernels, keep their warning.
 */
export function harmless(context: Context, symptoms: readonly Symptom[], cause: Cause | undefined): boolean {
  if (cause === undefined || cause.layers.length > 1 || !symptoms.every(({ rule }) => FADING.has(rule)))
    return false;
  if (!labelled(context)) return false;
  const off = context.weighted.flatMap((entry) => {
    const factor = entry.layer.roles.includes('head') ? undefined : staticFactorOf(context, entry);
    return factor !== undefined && factor < 0.5 ? [{ layer: entry.layer.id, factor }] : [];
  });
  const [only] = off;
  return off.length === 1 && only?.layer === cause.layer && only.factor >= LABELLED.factor;
}
