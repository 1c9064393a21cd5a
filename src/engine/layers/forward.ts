import type * as tf from '@tensorflow/tfjs-core';
import type { Quantity } from '../../model/measurement.ts';
import type { Json } from '../../model/json.ts';
import type { LayerConfig, LayerSpec, TensorRef } from '../../model/spec.ts';
import type { ActivationSpec } from '../../model/activations/activation.ts';

/** How a tap cuts its tensor, and what it is called when a quantity has several. */
export interface TapOptions {
  readonly name?: string;
  /** Axis of the units; the last one unless said. */
  readonly unitAxis?: number;
  /** The activation whose flat part counts, where it is not the layer's own (gates). */
  readonly activation?: ActivationSpec;
}

/** How a wrapped layer is run. */
export interface InnerOptions {
  /** Put before the names of its taps; without one they stand as the wrapper's own. */
  readonly name?: string;
  readonly mask?: tf.Tensor | undefined;
  /** Weights that stand in for drawn ones, by full name. */
  readonly weights?: Readonly<Record<string, tf.Tensor>>;
}

/** One call of a layer, as its forward function sees it. Everything it makes is disposed of but what it returns. */
export interface LayerCall<C extends LayerConfig = LayerConfig> {
  readonly config: C;
  readonly layer: LayerSpec;
  /** Keras 3 seeds, TF.js defaults and the like are the specs' business; forwards ask only where the arithmetic differs. */
  readonly semantics: string;
  readonly inputs: readonly tf.Tensor[];
  readonly kwargs: Readonly<Record<string, Json | TensorRef>>;
  /** The tensor a keyword argument names, or undefined. */
  argument(name: string): tf.Tensor | undefined;
  /** Mask of input `index` (1 where a step counts), as Masking and Embedding make it: [batch, steps], float. */
  mask(index?: number): tf.Tensor | undefined;
  /** States the mask of the output. Without a call it is what `carriedMask` says. */
  setMask(mask: tf.Tensor | undefined): void;
  /** A weight by name; a RangeError when the layer has none of that name. */
  weight(name: string): tf.Tensor;
  /** A weight that may be absent (use_bias: false). */
  optional(name: string): tf.Tensor | undefined;
  /** Passes a tensor on and reads it and its gradient. */
  tap<T extends tf.Tensor>(quantity: Quantity, tensor: T, options?: TapOptions): T;
  /** Reads a tensor that is not on the way (gates of all steps together): value only. */
  observe(quantity: Quantity, tensor: tf.Tensor, options?: TapOptions): void;
  /** Reads a tensor inside an operation that has a gradient of its own; what returns takes the tensor's gradient once it is known. */
  watch(quantity: Quantity, tensor: tf.Tensor, options?: TapOptions): (gradient: tf.TensorInfo) => void;
  /** Adds the bias when there is one, taps the pre-activation and applies the layer's activation. */
  finish(
    z: tf.Tensor,
    options?: { readonly bias?: tf.Tensor | undefined; readonly unitAxis?: number },
  ): tf.Tensor;
  /** Applies an activation that is not the layer's own (recurrent ones). */
  activate(z: tf.Tensor, activation: ActivationSpec | undefined): tf.Tensor;
  /** A random tensor that belongs to this call: the same for the same seed. */
  random(shape: readonly number[]): tf.Tensor;
  /** The call of a wrapped layer on other inputs: weights and taps are this layer's, under the inner layer's name. */
  within(layer: LayerSpec, inputs: readonly tf.Tensor[], options?: InnerOptions): LayerCall;
  /** Runs a wrapped layer. */
  inner(layer: LayerSpec, inputs: readonly tf.Tensor[], options?: InnerOptions): readonly tf.Tensor[];
}

/** A layer kind's forward pass on tfjs-core ops, training mode with dropout off. */
export type Forward<C extends LayerConfig = LayerConfig> = (
  call: LayerCall<C>,
) => tf.Tensor | readonly tf.Tensor[];
