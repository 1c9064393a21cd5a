import * as tf from '@tensorflow/tfjs-core';

/** tfjs hands the gradient of an operation that cuts a tensor into parts a tensor instead of a list where there is one part, and fails on it. */
export function installSinglePartGradients(): void {
  const joins = {
    Unpack: (parts: tf.Tensor[], axis: number) => tf.stack(parts, axis),
    SplitV: (parts: tf.Tensor[], axis: number) => tf.concat(parts, axis),
  };
  for (const [kernelName, join] of Object.entries(joins)) {
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName,
      gradFunc: (dy, _saved, attrs) => {
        const parts = Array.isArray(dy) ? (dy as tf.Tensor[]) : [dy as tf.Tensor];
        const gradient = () => join(parts, attrs['axis'] as number);
        return kernelName === 'Unpack' ? { value: gradient } : { x: gradient };
      },
    });
  }
}
