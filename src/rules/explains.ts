import type { Context, Symptom } from './context.ts';
import { ownFactor, staticFactorOf } from './factors.ts';

/** Rules whose first value is a ratio over depth; a kernel's gain is the same forward and backward (rules.md 'gradient'). */
const DRIFTS = new Set([
  'exploding-signal',
  'vanishing-signal',
  'constant-signal',
  'vanishing-gradient',
  'exploding-gradient',
]);

/** Share of the logarithm of a drift that the layers named for it must account for. */
const SHARE = 0.5;

/** ln of what a layer multiplies in excess: its own factor where it was measured, or its static one if that is further off. */
function excessOf(context: Context, layer: string): number {
  const entry = context.weighted.find((candidate) => candidate.layer.id === layer);
  if (entry === undefined) return 0;
  const factors = [
    staticFactorOf(context, entry),
    staticFactorOf(context, entry, 'recurrent'),
    ownFactor(context, entry)?.mean,
  ];
  return factors.reduce<number>((all, factor) => {
    const next = factor === undefined ? 0 : Math.log(Math.max(factor, 1e-30));
    return Math.abs(next) > Math.abs(all) ? next : all;
  }, 0);
}

/**
 * Whether the scale of these layers explains what was seen: their factors together account for at least half of the logarithm of
 * one of the drifts, or there is a symptom that is no drift over depth (dead, saturated or tied units, a loss).
 */
export function explains(context: Context, layers: readonly string[], symptoms: readonly Symptom[]): boolean {
  const drifts = symptoms.filter(({ rule }) => DRIFTS.has(rule));
  if (drifts.length < symptoms.length) return true;
  const together = layers.reduce((all, layer) => all + excessOf(context, layer), 0);
  return drifts.some(({ values }) => {
    const drift = Math.log(Math.max(values[0]?.value ?? 1, 1e-300));
    return drift < 0 ? together <= SHARE * drift : together >= SHARE * drift;
  });
}
