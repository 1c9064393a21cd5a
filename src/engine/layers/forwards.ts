import type { LayerConfig } from '../../model/spec.ts';
import { activation } from './activation.ts';
import { batchNorm } from './batchNorm.ts';
import { concatenate } from './concatenate.ts';
import { conv } from './conv.ts';
import { convTranspose } from './convTranspose.ts';
import { dense } from './dense.ts';
import { depthwise } from './depthwise.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import type { Forward } from './forward.ts';
import { globalPooling } from './globalPooling.ts';
import { merge } from './merge.ts';
import { pooling } from './pooling.ts';
import { separable } from './separable.ts';

/** A forward whose config type is forgotten; sound because a kind's config only ever comes from its own `parse`. */
function row<C extends LayerConfig>(forward: Forward<C>): Forward {
  return forward as unknown as Forward;
}

/** The forward pass of every layer kind the engine runs, by kind id (inputs are fed, not run). */
export const FORWARDS: Readonly<Record<string, Forward>> = {
  activation: row(activation),
  batchNorm: row(batchNorm),
  concatenate: row(concatenate),
  conv: row(conv),
  convTranspose: row(convTranspose),
  dense: row(dense),
  depthwise: row(depthwise),
  dropout: row(dropout),
  flatten: row(flatten),
  globalPooling: row(globalPooling),
  merge: row(merge),
  pooling: row(pooling),
  separable: row(separable),
};
