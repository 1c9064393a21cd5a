import { engine, type NamedAttrMap, registerGradient, type Tensor } from '@tensorflow/tfjs-core';
import type { ConvOptions } from './convGeometry.ts';
import { convolutionFilterKernel, convolutionInputKernel, convolutionKernel } from './convKernels.ts';

/**
 * Channels-last convolution of rank 1 to 3 with groups, dilations and any padding, differentiable in every combination (the stock one is not when
 * dilated). x [batch, …space, groups·ci], filter [...kernel, ci, groups·co]. Runs where `installKernels` has been.
 */
export function convolve<T extends Tensor>(x: T, filter: Tensor, options: ConvOptions = {}): T {
  return engine().runKernel(convolutionKernel, { x, filter }, { ...options } as unknown as NamedAttrMap);
}

/**
 * Transposed convolution: the input gradient of `convolve` with the same filter and options. `inputShape` is the shape of the result
 * [batch, …space, groups·ci]; y has the shape that convolve would give for it; filter [...kernel, ci, groups·co].
 */
export function convolveTransposed<T extends Tensor>(
  y: T,
  filter: Tensor,
  inputShape: readonly number[],
  options: ConvOptions = {},
): T {
  return engine().runKernel(convolutionInputKernel, { dy: y, filter }, {
    ...options,
    inputShape,
  } as unknown as NamedAttrMap);
}

function filterGradient(x: Tensor, dy: Tensor, filterShape: readonly number[], attrs: NamedAttrMap): Tensor {
  return engine().runKernel(convolutionFilterKernel, { x, dy }, {
    ...attrs,
    filterShape,
  } as unknown as NamedAttrMap);
}

registerGradient({
  kernelName: convolutionKernel,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, [x, filter], attrs) => ({
    x: () => convolveTransposed(dy as Tensor, filter!, x!.shape, attrs as unknown as ConvOptions),
    filter: () => filterGradient(x!, dy as Tensor, filter!.shape, attrs),
  }),
});

registerGradient({
  kernelName: convolutionInputKernel,
  inputsToSave: ['dy', 'filter'],
  gradFunc: (dx, [y, filter], attrs) => ({
    dy: () => convolve(dx as Tensor, filter!, attrs as unknown as ConvOptions),
    filter: () => filterGradient(dx as Tensor, y!, filter!.shape, attrs),
  }),
});
