import type { LayerConfig } from '../../model/spec.ts';
import { activation } from './activation.ts';
import { batchNorm } from './batchNorm.ts';
import { concatenate } from './concatenate.ts';
import { conv } from './conv.ts';
import { convTranspose } from './convTranspose.ts';
import { cropping } from './cropping.ts';
import { dense } from './dense.ts';
import { depthwise } from './depthwise.ts';
import { dropout } from './dropout.ts';
import { embedding } from './embedding.ts';
import { flatten } from './flatten.ts';
import type { Forward } from './forward.ts';
import { globalPooling } from './globalPooling.ts';
import { groupNorm } from './groupNorm.ts';
import { gru } from './gru.ts';
import { identity } from './identity.ts';
import { layerNorm } from './layerNorm.ts';
import { lstm } from './lstm.ts';
import { merge } from './merge.ts';
import { padding } from './padding.ts';
import { permute } from './permute.ts';
import { pooling } from './pooling.ts';
import { prelu } from './prelu.ts';
import { repeatVector } from './repeatVector.ts';
import { reshape } from './reshape.ts';
import { rmsNorm } from './rmsNorm.ts';
import { separable } from './separable.ts';
import { simpleRnn } from './simpleRnn.ts';
import { unitNorm } from './unitNorm.ts';
import { upSampling } from './upSampling.ts';

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
  cropping: row(cropping),
  dense: row(dense),
  depthwise: row(depthwise),
  dropout: row(dropout),
  embedding: row(embedding),
  flatten: row(flatten),
  globalPooling: row(globalPooling),
  groupNorm: row(groupNorm),
  gru: row(gru),
  identity: row(identity),
  layerNorm: row(layerNorm),
  lstm: row(lstm),
  merge: row(merge),
  padding: row(padding),
  permute: row(permute),
  pooling: row(pooling),
  prelu: row(prelu),
  repeatVector: row(repeatVector),
  reshape: row(reshape),
  rmsNorm: row(rmsNorm),
  separable: row(separable),
  simpleRnn: row(simpleRnn),
  unitNorm: row(unitNorm),
  upSampling: row(upSampling),
};
