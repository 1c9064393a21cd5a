import { activationLaw, preluLaw } from './layers/activation.ts';
import { attentionLaw, dotProductAttentionLaw, multiHeadAttentionLaw } from './layers/attention.ts';
import { convLaw, convTransposeLaw, locallyConnectedLaw, separableLaw } from './layers/conv.ts';
import { denseLaw } from './layers/dense.ts';
import { dotLaw } from './layers/dot.ts';
import { embeddingLaw } from './layers/embedding.ts';
import { concatenateLaw, mergeLaw } from './layers/merge.ts';
import { batchNormLaw, layerNormLaw, rmsNormLaw, unitNormLaw } from './layers/norm.ts';
import { adaptivePoolingLaw, globalPoolingLaw, poolingLaw } from './layers/pooling.ts';
import { gruLaw, lstmLaw, simpleRnnLaw } from './layers/recurrent.ts';
import { identityLaw, normalizationLaw, rescalingLaw, reshapeLaw, resizeLaw } from './layers/shape.ts';
import { operationLaw } from './layers/operation.ts';
import { rnnLaw } from './layers/rnn.ts';
import { spectralNormLaw } from './layers/spectralNorm.ts';
import { bidirectionalLaw, timeDistributedLaw } from './layers/wrappers.ts';
import type { LayerLaw } from './law.ts';

const LAWS: Readonly<Record<string, LayerLaw>> = {
  dense: denseLaw,
  conv: convLaw,
  depthwise: convLaw,
  separable: separableLaw,
  convTranspose: convTransposeLaw,
  activation: activationLaw,
  prelu: preluLaw,
  batchNorm: batchNormLaw,
  layerNorm: layerNormLaw,
  groupNorm: layerNormLaw,
  rmsNorm: rmsNormLaw,
  unitNorm: unitNormLaw,
  einsumDense: denseLaw,
  groupedQueryAttention: multiHeadAttentionLaw,
  merge: mergeLaw,
  concatenate: concatenateLaw,
  pooling: poolingLaw,
  globalPooling: globalPoolingLaw,
  flatten: reshapeLaw,
  reshape: reshapeLaw,
  permute: identityLaw,
  dropout: identityLaw,
  identity: identityLaw,
  cropping: resizeLaw,
  padding: resizeLaw,
  upSampling: resizeLaw,
  repeatVector: resizeLaw,
  rescaling: rescalingLaw,
  embedding: embeddingLaw,
  simpleRnn: simpleRnnLaw,
  lstm: lstmLaw,
  gru: gruLaw,
  attention: attentionLaw,
  dotProductAttention: dotProductAttentionLaw,
  multiHeadAttention: multiHeadAttentionLaw,
  bidirectional: bidirectionalLaw(lawOf),
  timeDistributed: timeDistributedLaw(lawOf),
  rnn: rnnLaw(lawOf),
  normalization: normalizationLaw,
  operation: operationLaw,
  adaptivePooling: adaptivePoolingLaw,
  locallyConnected: locallyConnectedLaw,
  spectralNorm: spectralNormLaw(lawOf),
  dot: dotLaw,
};

/** Why the other kinds have none. */
const WITHOUT: Readonly<Record<string, string>> = {
  input: 'an input starts with the moments of its data',
  opaque: 'what the layer does is not known',
  convLstm: 'moments over positions and steps together have no law here',
  resizing: 'interpolation mixes neighbouring positions, whose correlation is not followed',
  fixedConv: 'its kernel is no draw: what it does depends on how its input varies over positions',
  categoryEncoding: 'one-hot vectors of ids are far from normal',
};

/** The moment law of a layer kind; undefined where theory has none. */
export function lawOf(kind: string): LayerLaw | undefined {
  return Object.hasOwn(LAWS, kind) ? LAWS[kind] : undefined;
}

/** Why a layer kind has no moment law; undefined for one that has. */
export function withoutLaw(kind: string): string | undefined {
  if (Object.hasOwn(LAWS, kind)) return undefined;
  return WITHOUT[kind] ?? 'there is no moment law for it';
}
