import type { NodePrediction } from '../model/prediction.ts';
import type { LayerQuantity } from '../model/report.ts';

/** A node's prediction in the units of a report: rms with the width's bias, shares, gradient norm relative to the last weighted layer's. */
export function predictedQuantities(
  node: NodePrediction | undefined,
): Partial<Readonly<Record<LayerQuantity, number>>> {
  if (node === undefined) return {};
  const { preActivation, secondMoment, dataVariance, gradient, zeros, saturated, cosine, biasLog } = node;
  const rms = (moment: number) => Math.sqrt(moment) * Math.exp(biasLog);
  return {
    ...(preActivation === undefined ? {} : { preActivation: rms(preActivation) }),
    activation: rms(secondMoment),
    stdOverData: Math.sqrt(dataVariance),
    ...(gradient === undefined ? {} : { gradientNorm: Math.sqrt(gradient) }),
    ...(zeros === undefined ? {} : { zeros }),
    ...(saturated === undefined ? {} : { saturated }),
    ...(cosine === undefined ? {} : { cosine }),
  };
}
