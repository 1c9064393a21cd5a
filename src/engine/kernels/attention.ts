import {
  customGrad,
  engine,
  type GradSaveFunc,
  type NamedTensorMap,
  type Tensor,
} from '@tensorflow/tfjs-core';
import {
  attentionGradientKernel,
  type Heads,
  logitsGradientKernel,
  logitsKernel,
  valuesKernel,
  weightsKernel,
} from './attentionKernels.ts';

/** What may be looked at on the way: the scaled logits [batch, heads, targets, sources] before anything is hidden, and their gradient. */
export interface AttentionListener {
  readonly forward?: (logits: Tensor) => void;
  readonly backward?: (gradient: Tensor) => void;
}

/**
 * Softmax attention as one differentiable operation: q [batch, targets, heads·size], k [batch, sources, keyHeads·size], v alike; logits are scaled by 1/√size, the mask [batch, sources]
 * (1: to be seen) is not differentiated. Keeps q, k, v and the weights. Returns [batch, targets, heads·size of v]. Runs where `installKernels` has been.
 */
export function attention(
  [q, k, v]: readonly [Tensor, Tensor, Tensor],
  mask: Tensor | undefined,
  heads: Heads,
  listener: AttentionListener = {},
): Tensor {
  const run = (kernel: string, tensors: NamedTensorMap): Tensor[] =>
    engine().runKernel(kernel, tensors, { ...heads }) as Tensor[];
  const operation = customGrad((...parameters) => {
    const save = parameters.at(-1) as GradSaveFunc;
    const [logits] = run(logitsKernel, { q, k });
    listener.forward?.(logits!);
    const [weights] = run(weightsKernel, { logits: logits!, ...(mask === undefined ? {} : { mask }) });
    logits!.dispose();
    const [value] = run(valuesKernel, { weights: weights!, v });
    save([q, k, v, weights!]);
    return {
      value: value!,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [query, key, values, kept] = saved as [Tensor, Tensor, Tensor, Tensor];
        const [dLogits, dv] = run(attentionGradientKernel, { weights: kept, v: values, dy });
        listener.backward?.(dLogits!);
        const [dq, dk] = run(logitsGradientKernel, { dLogits: dLogits!, q: query, k: key });
        return [dq!, dk!, dv!];
      },
    };
  });
  return operation(q, k, v);
}
