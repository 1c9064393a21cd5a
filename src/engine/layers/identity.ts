import * as tf from '@tensorflow/tfjs-core';
import type { IdentityConfig } from '../../model/layers/identity.ts';
import { detach } from '../sharedIdentity.ts';
import type { Forward } from './forward.ts';

/** The input as it is; Masking zeroes the steps that hold nothing but the mask value, and masks them. */
export const identity: Forward<IdentityConfig> = (call) => {
  const x = call.inputs[0]!;
  const { maskValue } = call.config;
  if (maskValue === null) return x;
  const mask = tf.cast(tf.any(tf.notEqual(detach(x), maskValue), -1), 'float32');
  call.setMask(mask);
  return tf.mul(x, tf.expandDims(mask, -1));
};
