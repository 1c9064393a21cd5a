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

type Layer3 = readonly [className: string, config: object, from: readonly string[], kwargs?: object];

/** The text of a functional model of Keras 3: each layer is called on the ones it names; the class `=l0` is one more call of the layer l0. */
export function functional3(
  input: readonly number[],
  dtype: string,
  layers: readonly Layer3[],
  version = '3.4.1',
): string {
  const owner = (index: number): string => {
    const [className = ''] = layers[index] ?? [];
    return className.startsWith('=') ? className.slice(1) : `l${index}`;
  };
  const history = (name: string) => {
    const index = Number(name.slice(1));
    if (name === 'in') return [name, 0, 0];
    const calls = layers.slice(0, index).filter((_layer, before) => owner(before) === owner(index));
    return [owner(index), calls.length, 0];
  };
  const tensor = (name: string) => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, ...input], dtype: 'float32', keras_history: history(name) },
  });
  const call = ([className, , from, kwargs = {}]: Layer3) => ({
    args: from.length > 1 && /Add/.test(className) ? [from.map(tensor)] : from.map(tensor),
    kwargs,
  });
  const nodes = layers.flatMap(([class_name, config], index) => {
    const name = `l${index}`;
    if (owner(index) !== name) return [];
    return [
      {
        module: 'keras.layers',
        class_name,
        config: { name, trainable: true, dtype: 'float32', ...config },
        registered_name: null,
        name,
        inbound_nodes: layers.filter((_layer, other) => owner(other) === name).map(call),
      },
    ];
  });
  const entry = {
    module: 'keras.layers',
    class_name: 'InputLayer',
    config: { name: 'in', batch_shape: [null, ...input], dtype },
    registered_name: null,
    name: 'in',
    inbound_nodes: [],
  };
  const config = {
    name: 'net',
    layers: [entry, ...nodes],
    input_layers: [['in', 0, 0]],
    output_layers: [history(`l${layers.length - 1}`)],
  };
  return JSON.stringify({ module: 'keras', class_name: 'Functional', config, keras_version: version });
}
