import { engine, type NamedTensorMap, registerGradient, type Tensor } from '@tensorflow/tfjs-core';
import {
  columnNormGradientKernel,
  columnNormKernel,
  rowNormGradientKernel,
  rowNormKernel,
} from './normKernels.ts';

function run(kernelName: string, x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const [y] = engine().runKernel(kernelName, { x, gamma, beta }, { epsilon }) as Tensor[];
  return y!;
}

/**
 * Batch normalization in training mode over every axis but the last: (x − mean)/√(variance + ε)·gamma + beta with the batch's own biased variance,
 * differentiable in x, gamma and beta. x [..., channels], gamma and beta [channels]. Runs where `installKernels` has been.
 */
export function batchNormTrain(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  return run(columnNormKernel, x, gamma, beta, epsilon);
}

/**
 * Layer normalization along the trailing axes that gamma and beta span: each vector of gamma's size is brought to mean 0 and variance 1 (biased, + ε), scaled
 * and shifted; differentiable in x, gamma and beta.
 */
export function layerNormTrain(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  return run(rowNormKernel, x, gamma, beta, epsilon);
}

for (const [kernelName, gradientName] of [
  [columnNormKernel, columnNormGradientKernel],
  [rowNormKernel, rowNormGradientKernel],
] as const) {
  registerGradient({
    kernelName,
    inputsToSave: ['x', 'gamma'],
    outputsToSave: [false, true, true],
    gradFunc: (dy, [x, gamma, mean, inverse]) => {
      const inputs = { x, dy: (dy as Tensor[])[0], gamma, mean, inverse } as NamedTensorMap;
      const [dx, dGamma, dBeta] = engine().runKernel(gradientName, inputs) as Tensor[];
      return { x: () => dx!, gamma: () => dGamma!, beta: () => dBeta! };
    },
  });
}
