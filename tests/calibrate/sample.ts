import type { Generated } from './families.ts';
import { HE, type Init } from './net.ts';

/** A model that must be found healthy. */
export interface Healthy {
  readonly model: Generated;
}

/** A model with one fault: any of these rules must name one of these layers as the first cause. */
export interface Mutant {
  readonly model: Generated;
  readonly rules: readonly string[];
  readonly causes: readonly string[];
}

/** A fault in the layer of this number among healthy ones. */
export const at =
  (where: number, fault: Init, healthy: Init = HE) =>
  (index: number): Init =>
    index === where ? fault : healthy;
