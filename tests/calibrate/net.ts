import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Semantics } from '../../src/model/semantics.ts';

/** An initializer in a config: `{class_name, config}` or a short name. */
export type Init = Json;

/** Initializers in Keras's words. */
export const normal = (stddev: number): Init => ({ class_name: 'RandomNormal', config: { mean: 0, stddev } });
export const uniform = (limit: number): Init => ({
  class_name: 'RandomUniform',
  config: { minval: -limit, maxval: limit },
});
export const constant = (value: number): Init => ({ class_name: 'Constant', config: { value } });
export const scaling = (scale: number, distribution = 'untruncated_normal', mode = 'fan_in'): Init => ({
  class_name: 'VarianceScaling',
  config: { scale, mode, distribution },
});
export const HE: Init = { class_name: 'HeNormal', config: {} };
export const GLOROT: Init = { class_name: 'GlorotUniform', config: {} };
export const LECUN: Init = { class_name: 'LecunNormal', config: {} };
export const ORTHOGONAL: Init = { class_name: 'Orthogonal', config: { gain: 1 } };

/** Builds a functional Keras config layer by layer; every method returns the new layer's name. */
export class Net {
  readonly name: string;
  readonly semantics: Semantics;
  readonly #layers: JsonObject[] = [];
  readonly #inputs: string[] = [];
  #count = 0;

  constructor(name: string, semantics: Semantics = 'keras2') {
    this.name = name;
    this.semantics = semantics;
  }

  input(...shape: readonly number[]): string {
    const name = this.#fresh('input');
    const config = { name, batch_input_shape: [null, ...shape], dtype: 'float32' };
    this.#layers.push({ class_name: 'InputLayer', name, config, inbound_nodes: [] });
    this.#inputs.push(name);
    return name;
  }

  layer(className: string, config: JsonObject, ...inputs: readonly string[]): string {
    const given = config['name'];
    const name = typeof given === 'string' ? given : this.#fresh(className.toLowerCase());
    const inbound = inputs.map((input) => [input, 0, 0, {}]);
    this.#layers.push({ class_name: className, name, config: { ...config, name }, inbound_nodes: [inbound] });
    return name;
  }

  dense(from: string, units: number, init: Init, activation = 'linear', more: JsonObject = {}): string {
    return this.layer(
      'Dense',
      { units, activation, use_bias: true, kernel_initializer: init, ...more },
      from,
    );
  }

  conv(from: string, filters: number, init: Init, activation = 'linear', more: JsonObject = {}): string {
    const base = {
      filters,
      kernel_size: [3, 3],
      strides: [1, 1],
      padding: 'same',
      activation,
      use_bias: true,
    };
    return this.layer('Conv2D', { ...base, kernel_initializer: init, ...more }, from);
  }

  norm(from: string, className = 'BatchNormalization', more: JsonObject = {}): string {
    return this.layer(className, { axis: -1, ...more }, from);
  }

  act(from: string, activation: string): string {
    return this.layer('Activation', { activation }, from);
  }

  add(...from: readonly string[]): string {
    return this.layer('Add', {}, ...from);
  }

  /** The config as JSON text, with these outputs. */
  json(...outputs: readonly string[]): string {
    const config = {
      name: this.name,
      layers: this.#layers,
      input_layers: this.#inputs.map((name) => [name, 0, 0]),
      output_layers: outputs.map((name) => [name, 0, 0]),
    };
    const version = this.semantics === 'keras3' ? '3.5.0' : '2.15.0';
    return JSON.stringify(
      { class_name: 'Functional', config, keras_version: version, backend: 'tensorflow' },
      null,
      1,
    );
  }

  #fresh(stem: string): string {
    this.#count += 1;
    return `${stem}_${this.#count}`;
  }
}
