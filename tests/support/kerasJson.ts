/** A Dense layer as Keras 2 writes it. */
export function kerasDense(name: string, units: number, more: Readonly<Record<string, unknown>> = {}) {
  return {
    class_name: 'Dense',
    config: {
      name,
      trainable: true,
      dtype: 'float32',
      units,
      activation: 'relu',
      use_bias: true,
      kernel_initializer: { class_name: 'HeNormal', config: { seed: null } },
      bias_initializer: { class_name: 'Zeros', config: {} },
      ...more,
    },
  };
}

/** The text of a Keras 2 Sequential over `inputs` features. */
export function kerasSequential(layers: readonly object[], inputs: readonly (number | null)[] = [8]): string {
  const input = {
    class_name: 'InputLayer',
    config: { batch_input_shape: [null, ...inputs], dtype: 'float32', sparse: false, name: 'input_1' },
  };
  const model = {
    class_name: 'Sequential',
    config: { name: 'model', layers: [input, ...layers] },
    keras_version: '2.11.0',
    backend: 'tensorflow',
  };
  return `${JSON.stringify(model, undefined, 2)}\n`;
}

/** A healthy little net. */
export const HEALTHY = kerasSequential([
  kerasDense('a', 16),
  kerasDense('b', 16),
  kerasDense('out', 3, {
    activation: 'softmax',
    kernel_initializer: { class_name: 'RandomNormal', config: { mean: 0, stddev: 0.02, seed: null } },
  }),
]);

/** A net whose kernels are all zero: an error with an edit that repairs it. */
export const ZEROS = kerasSequential(
  ['a', 'b'].map((name) => kerasDense(name, 16, { kernel_initializer: { class_name: 'Zeros', config: {} } })),
);
