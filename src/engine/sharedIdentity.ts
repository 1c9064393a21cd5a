import * as tf from '@tensorflow/tfjs-core';

interface Counting {
  incRef(dataId: object): void;
}

/** The same data under a new tensor: one more reference, no copy. */
export function sameData(backend: object, tensor: tf.TensorInfo): tf.TensorInfo {
  (backend as Counting).incRef(tensor.dataId);
  return { dataId: tensor.dataId, shape: tensor.shape, dtype: tensor.dtype };
}

/**
 * Replaces the wasm backend's `Identity`, which copies, by one that counts a reference. Autodiff's clones go through it, so that saved
 * tensors cost nothing. Safe because no kernel writes into its inputs (reshape shares data as well), the gradient of an LSTM into its own gates excepted.
 */
export function installSharedIdentity(): void {
  if (tf.getKernel(tf.Identity, 'wasm') !== undefined) tf.unregisterKernel(tf.Identity, 'wasm');
  tf.registerKernel({
    kernelName: tf.Identity,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) => sameData(backend, inputs['x'] as tf.TensorInfo),
  });
}

/** The same values under a tensor that autodiff does not follow. tfjs has no gradient for comparisons: compare detached values. */
export function detach<T extends tf.Tensor>(tensor: T): T {
  const engine = tf.engine();
  return engine.makeTensorFromTensorInfo(sameData(engine.backend, tensor)) as T;
}
