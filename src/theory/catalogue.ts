import { activationLaw, preluLaw } from './layers/activation.ts';
import { attentionLaw, multiHeadAttentionLaw } from './layers/attention.ts';
import { convLaw, convTransposeLaw, locallyConnectedLaw, separableLaw } from './layers/conv.ts';
import { denseLaw } from './layers/dense.ts';
import { embeddingLaw } from './layers/embedding.ts';
import { concatenateLaw, mergeLaw } from './layers/merge.ts';
import { batchNormLaw, layerNormLaw, rmsNormLaw, unitNormLaw } from './layers/norm.ts';
import { adaptivePoolingLaw, globalPoolingLaw, poolingLaw } from './layers/pooling.ts';
import { gruLaw, lstmLaw, simpleRnnLaw } from './layers/recurrent.ts';
import { identityLaw, normalizationLaw, rescalingLaw, reshapeLaw, resizeLaw } from './layers/shape.ts';
import { operationLaw } from './layers/operation.ts';
import { bidirectionalLaw, rnnLaw, timeDistributedLaw } from './layers/wrappers.ts';
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
  multiHeadAttention: multiHeadAttentionLaw,
  bidirectional: bidirectionalLaw(lawOf),
  timeDistributed: timeDistributedLaw(lawOf),
  rnn: rnnLaw(lawOf),
  normalization: normalizationLaw,
  operation: operationLaw,
  adaptivePooling: adaptivePoolingLaw,
  locallyConnected: locallyConnectedLaw,
};

/** Why the other kinds have none. */
const WITHOUT: Readonly<Record<string, string>> = {
  input: 'an input starts with the moments of its data',
  opaque: 'what the layer does is not known',
  convLstm: 'moments over positions and steps together have no law here',
  spectralNorm: 'the largest singular value of a drawn kernel has no law here',
  dot: 'products of two signals depend on how they are correlated, which moments do not say',
  resizing: 'interpolation mixes neighbouring positions, whose correlation is not followed',
  categoryEncoding: 'one-hot vectors of ids are far from normal',
};

/** The moment law of a layer kind, or why theory has none. */
export function lawOf(kind: string): LayerLaw | string {
  if (Object.hasOwn(LAWS, kind)) return LAWS[kind] ?? '';
  return WITHOUT[kind] ?? `there is no moment law for the kind ${kind}`;
}

/** Kinds with a moment law, and those without one with the reason. */
export const LAW_TABLE: {
  readonly laws: readonly string[];
  readonly without: Readonly<Record<string, string>>;
} = {
  laws: Object.keys(LAWS),
  without: WITHOUT,
};
