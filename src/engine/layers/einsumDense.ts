import type { EinsumDenseConfig } from '../../model/layers/einsumDense.ts';
import { einsum } from './einsum.ts';
import type { Forward } from './forward.ts';

/** A dense layer whose product an equation says. */
export const einsumDense: Forward<EinsumDenseConfig> = (call) =>
  call.finish(einsum(call.config.equation, call.inputs[0]!, call.weight('kernel')), {
    bias: call.optional('bias'),
  });
