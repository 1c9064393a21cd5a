import type { LayerConfig } from '../../model/spec.ts';
import { activation } from './activation.ts';
import { adaptivePooling } from './adaptivePooling.ts';
import { attention } from './attention.ts';
import { batchNorm } from './batchNorm.ts';
import { bidirectional } from './bidirectional.ts';
import { categoryEncoding } from './categoryEncoding.ts';
import { concatenate } from './concatenate.ts';
import { conv } from './conv.ts';
import { convLstm } from './convLstm.ts';
import { convTranspose } from './convTranspose.ts';
import { cropping } from './cropping.ts';
import { dense } from './dense.ts';
import { depthwise } from './depthwise.ts';
import { dot } from './dot.ts';
import { dotProductAttention } from './dotProductAttention.ts';
import { dropout } from './dropout.ts';
import { einsumDense } from './einsumDense.ts';
import { embedding } from './embedding.ts';
import { fixedConv } from './fixedConv.ts';
import { flatten } from './flatten.ts';
import type { Forward } from './forward.ts';
import { globalPooling } from './globalPooling.ts';
import { groupedQueryAttention } from './groupedQueryAttention.ts';
import { groupNorm } from './groupNorm.ts';
import { gru } from './gru.ts';
import { identity } from './identity.ts';
import { layerNorm } from './layerNorm.ts';
import { locallyConnected } from './locallyConnected.ts';
import { lstm } from './lstm.ts';
import { merge } from './merge.ts';
import { multiHeadAttention } from './multiHeadAttention.ts';
import { normalization } from './normalization.ts';
import { operation } from './operation.ts';
import { padding } from './padding.ts';
import { permute } from './permute.ts';
import { pooling } from './pooling.ts';
import { prelu } from './prelu.ts';
import { repeatVector } from './repeatVector.ts';
import { rescaling } from './rescaling.ts';
import { reshape } from './reshape.ts';
import { resizing } from './resizing.ts';
import { rmsNorm } from './rmsNorm.ts';
import { rnn } from './rnn.ts';
import { separable } from './separable.ts';
import { simpleRnn } from './simpleRnn.ts';
import { spectralNorm } from './spectralNorm.ts';
import { timeDistributed } from './timeDistributed.ts';
import { unitNorm } from './unitNorm.ts';
import { upSampling } from './upSampling.ts';

/** A forward whose config type is forgotten; sound because a kind's config only ever comes from its own `parse`. */
function row<C extends LayerConfig>(forward: Forward<C>): Forward {
  return forward as unknown as Forward;
}

/** The forward pass of every layer kind the engine runs, by kind id (inputs are fed, not run). */
export const FORWARDS: Readonly<Record<string, Forward>> = {
  activation: row(activation),
  adaptivePooling: row(adaptivePooling),
  attention: row(attention),
  batchNorm: row(batchNorm),
  bidirectional: row(bidirectional),
  categoryEncoding: row(categoryEncoding),
  fixedConv: row(fixedConv),
  concatenate: row(concatenate),
  conv: row(conv),
  convLstm: row(convLstm),
  convTranspose: row(convTranspose),
  cropping: row(cropping),
  dense: row(dense),
  depthwise: row(depthwise),
  dot: row(dot),
  dotProductAttention: row(dotProductAttention),
  dropout: row(dropout),
  einsumDense: row(einsumDense),
  embedding: row(embedding),
  flatten: row(flatten),
  globalPooling: row(globalPooling),
  groupNorm: row(groupNorm),
  groupedQueryAttention: row(groupedQueryAttention),
  gru: row(gru),
  identity: row(identity),
  layerNorm: row(layerNorm),
  locallyConnected: row(locallyConnected),
  lstm: row(lstm),
  merge: row(merge),
  multiHeadAttention: row(multiHeadAttention),
  normalization: row(normalization),
  operation: row(operation),
  padding: row(padding),
  permute: row(permute),
  pooling: row(pooling),
  prelu: row(prelu),
  repeatVector: row(repeatVector),
  rescaling: row(rescaling),
  reshape: row(reshape),
  resizing: row(resizing),
  rmsNorm: row(rmsNorm),
  rnn: row(rnn),
  separable: row(separable),
  simpleRnn: row(simpleRnn),
  spectralNorm: row(spectralNorm),
  timeDistributed: row(timeDistributed),
  unitNorm: row(unitNorm),
  upSampling: row(upSampling),
};
