import * as tf from '@tensorflow/tfjs-core';
import { geluGradientKernel, geluKernel } from '../kernels/saturatingKernels.ts';
import { ownKernels } from '../layers/spatial.ts';
import type { ActivationForward } from './activate.ts';

/** z where positive, `negative(min(z, 0))` elsewhere; the latter must be 0 at 0. */
function bent(z: tf.Tensor, negative: (z: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.add(tf.relu(z), negative(tf.neg(tf.relu(tf.neg(z)))));
}

function runGelu(name: string, tensors: tf.NamedTensorMap): tf.Tensor {
  return tf.engine().runKernel(name, tensors) as tf.Tensor;
}

function geluValue(z: tf.Tensor): tf.Tensor {
  return ownKernels() ? runGelu(geluKernel, { x: z }) : tf.mul(z, normal(z));
}

function geluSlope(z: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  if (ownKernels()) return runGelu(geluGradientKernel, { x: z, dy });
  const density = tf.mul(1 / Math.sqrt(2 * Math.PI), tf.exp(tf.mul(-0.5, tf.square(z))));
  return tf.mul(dy, tf.add(normal(z), tf.mul(z, density)));
}

/** Φ(z). */
function normal(z: tf.Tensor): tf.Tensor {
  return tf.mul(0.5, tf.add(1, tf.erf(tf.mul(z, Math.SQRT1_2))));
}

/** z·Φ(z): autodiff keeps z alone, and its derivative Φ(z) + z·φ(z) is made when it is needed. */
const gelu = tf.customGrad((z, save) => {
  const at = z as tf.Tensor;
  (save as tf.GradSaveFunc)([at]);
  return { value: geluValue(at), gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => geluSlope(saved[0]!, dy) };
});

/** z·σ(z) likewise: the derivative is σ(z)·(1 + z·(1 − σ(z))). */
const silu = tf.customGrad((z, save) => {
  const at = z as tf.Tensor;
  (save as tf.GradSaveFunc)([at]);
  return {
    value: tf.mul(at, tf.sigmoid(at)),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const x = saved[0]!;
      const s = tf.sigmoid(x);
      return tf.mul(dy, tf.mul(s, tf.add(1, tf.mul(x, tf.sub(1, s)))));
    },
  };
});

/** Activations that are about linear for large positive values and bend smoothly into the negative side. */
export const SMOOTH_RECTIFIERS: Readonly<Record<string, ActivationForward>> = {
  elu: (z, { alpha = 1 }) => (alpha === 1 ? tf.elu(z) : bent(z, (low) => tf.mul(alpha, tf.elu(low)))),
  celu: (z, { alpha = 1 }) => bent(z, (low) => tf.mul(alpha, tf.elu(tf.div(low, alpha)))),
  selu: (z) => tf.selu(z),
  gelu: (z) => gelu(z),
  gelu_tanh: (z) => {
    const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(z, tf.mul(0.044715, tf.mul(z, tf.square(z)))));
    return tf.mul(tf.mul(0.5, z), tf.add(1, tf.tanh(inner)));
  },
  silu: (z) => silu(z),
  hard_silu: (z) => tf.mul(z, tf.div(tf.relu6(tf.add(z, 3)), 6)),
  mish: (z) => tf.mul(z, tf.tanh(tf.softplus(z))),
  softplus: (z, { beta = 1 }) => (beta === 1 ? tf.softplus(z) : tf.div(tf.softplus(tf.mul(beta, z)), beta)),
  squareplus: (z, { b = 4 }) => tf.mul(0.5, tf.add(z, tf.sqrt(tf.add(tf.square(z), b)))),
};
