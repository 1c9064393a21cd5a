import * as tf from '@tensorflow/tfjs-core';

/** The gradient of an operand of this shape from that of the broadcast sum, under a tensor of its own. */
function ofOperand(dy: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], dy.shape);
  return tf.reshape(axes.length === 0 ? dy : tf.sum(dy, axes), [...shape]);
}

const sum = tf.customGrad((...given) => {
  const [a, b] = given as unknown as [tf.Tensor, tf.Tensor];
  const shapes = [a.shape, b.shape];
  return {
    value: tf.add(a, b),
    gradFunc: (dy: tf.Tensor) => shapes.map((shape) => ofOperand(dy, shape)),
  };
});

/** a + b, broadcast. Autodiff keeps the shapes of the operands alone, where `tf.add` keeps both until the backward pass. */
export function plus(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return sum(a, b);
}
