import type { DropoutConfig } from '../../model/layers/dropout.ts';
import type { Forward } from './forward.ts';

/** Noise is off while measuring: the input passes. */
export const dropout: Forward<DropoutConfig> = (call) => call.inputs[0]!;
