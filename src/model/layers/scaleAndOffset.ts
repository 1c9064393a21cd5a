import type { WeightPlan } from './declare.ts';

/** The scale γ and offset β of a normalization, of this shape, as far as its config has them. */
export function scaleAndOffset(
  config: { readonly center: boolean; readonly scale: boolean },
  shape: readonly number[],
): readonly WeightPlan[] {
  return [
    ...(config.scale ? [{ name: 'gamma', part: 'scale', shape } as const] : []),
    ...(config.center ? [{ name: 'beta', part: 'offset', shape } as const] : []),
  ];
}
