import type { Arriving } from './law.ts';
import type { WeightMoments } from './signal.ts';

/**
 * E‖Wᵀδ‖² for gradients δ that are independent over units: fan_in·Var(W)·‖δ‖². A kernel whose mean stands out (constants, U(0, 1))
 * adds up δ over units, for which there is no law here.
 */
export function backThrough(
  kernel: WeightMoments,
  fanIn: number,
  units: number,
  seen = 1,
): (energy: number) => readonly Arriving[] | undefined {
  const coherent = kernel.mean * kernel.mean * Math.sqrt(units) > 0.05 * kernel.variance;
  return (energy) =>
    coherent && energy > 0 ? undefined : [{ energy: energy * kernel.variance * fanIn * seen }];
}
