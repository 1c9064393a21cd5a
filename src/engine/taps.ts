import * as tf from '@tensorflow/tfjs-core';
import { sameData } from './sharedIdentity.ts';

/** What a tap does with what passes: `value` going forward, `gradient` coming back (once, summed over all consumers). */
export interface TapListener {
  readonly value?: (tensor: tf.TensorInfo) => void;
  readonly gradient?: (tensor: tf.TensorInfo) => void;
}

const TAP = 'InitscopeTap';
const listeners = new Map<number, TapListener>();
let next = 0;

function listenerOf(attrs: tf.NamedAttrMap | undefined): TapListener | undefined {
  return listeners.get(attrs?.['id'] as number);
}

function registerOn(backendName: string): void {
  if (tf.getKernel(TAP, backendName) !== undefined) return;
  tf.registerKernel({
    kernelName: TAP,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as tf.TensorInfo;
      listenerOf(attrs)?.value?.(x);
      return sameData(backend, x);
    },
  });
}

function registerBackwards(): void {
  if (tf.getGradient(TAP) !== undefined) return;
  tf.registerGradient({
    kernelName: TAP,
    gradFunc: (dy, _saved, attrs) => ({
      x: () => {
        listenerOf(attrs)?.gradient?.(dy as tf.Tensor);
        return tf.clone(dy as tf.Tensor);
      },
    }),
  });
}

/**
 * Passes a tensor on as it is (same data, no copy) and lets `listener` read its values now and its gradient when the backward pass comes by.
 * Listeners stay registered until `forgetTaps`.
 */
export function tap<T extends tf.Tensor>(tensor: T, listener: TapListener): T {
  registerOn(tf.getBackend());
  registerBackwards();
  const id = next++;
  listeners.set(id, listener);
  return tf.engine().runKernel(TAP, { x: tensor } as tf.NamedTensorMap, { id }) as T;
}

/** Drops every listener of the pass that ended. */
export function forgetTaps(): void {
  listeners.clear();
}
