import type { JsonObject } from '../../src/model/json.ts';

/** One small layer to be run by a framework and by us with the same weights. */
export interface KerasCase {
  readonly class: string;
  readonly config?: JsonObject;
  /** Input shapes without the batch. */
  readonly inputs: readonly (readonly number[])[];
  /** Inputs are ids below this. */
  readonly ids?: number;
  /** Run in training mode (batch statistics, power iteration). */
  readonly training?: boolean;
  /** Inputs are passed one by one (query, value, …), not as a list. */
  readonly spread?: boolean;
  /** Keyword arguments of the call that are plain values. */
  readonly call?: JsonObject;
  /** Only Keras 3 has it, or has it in this form. */
  readonly only?: 'keras3' | 'keras2';
}

/** Inputs that many cases share, without the batch: an image, rows, a volume, steps. */
export const INPUTS = {
  image: [[8, 7, 6]],
  rows: [[9, 4]],
  volume: [[5, 4, 5, 2]],
  steps: [[6, 4]],
};
