import { activationLaw, preluLaw } from './layers/activation.ts';
import { attentionLaw, multiHeadAttentionLaw } from './layers/attention.ts';
import { convLaw, convTransposeLaw, separableLaw } from './layers/conv.ts';
import { denseLaw } from './layers/dense.ts';
import { dotLaw } from './layers/dot.ts';
import { embeddingLaw } from './layers/embedding.ts';
import { concatenateLaw, mergeLaw } from './layers/merge.ts';
import { batchNormLaw, layerNormLaw, rmsNormLaw, unitNormLaw } from './layers/norm.ts';
import { globalPoolingLaw, poolingLaw } from './layers/pooling.ts';
import { gruLaw, lstmLaw, simpleRnnLaw } from './layers/recurrent.ts';
import { identityLaw, rescalingLaw, reshapeLaw, resizeLaw } from './layers/shape.ts';
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
  masking: identityLaw,
  gaussianNoise: identityLaw,
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
  spectralNorm: spectralNormLaw(lawOf),
  dot: dotLaw,
};

/** The moment law of a layer kind; undefined where theory has none. */
export function lawOf(kind: string): LayerLaw | undefined {
  return Object.hasOwn(LAWS, kind) ? LAWS[kind] : undefined;
}
