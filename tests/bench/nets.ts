import type { Json, JsonObject } from '../../src/model/json.ts';

/** A network of the bench: a Keras file, and the batch and name under which `torch_nets.py` has the same. */
export interface BenchNet {
  readonly name: string;
  readonly title: string;
  readonly batch: number;
  readonly file: JsonObject;
}

/** Builds a functional Keras model call by call; every method gives the name of its output. */
class Graph {
  readonly layers: JsonObject[] = [];
  private last = '';

  constructor(shape: readonly number[]) {
    this.call('InputLayer', { batch_input_shape: [null, ...shape], dtype: 'float32' }, []);
  }

  call(
    className: string,
    config: JsonObject = {},
    on: readonly string[] = [this.last],
    kwargs: JsonObject = {},
  ): string {
    const name = `${className.toLowerCase()}_${this.layers.length}`;
    const inbound: Json[] = on.map((from, i): Json => [from, 0, 0, i === 0 ? kwargs : {}]);
    this.layers.push({
      class_name: className,
      name,
      config: { name, ...config },
      inbound_nodes: on.length === 0 ? [] : [inbound],
    });
    this.last = name;
    return name;
  }

  conv(filters: number, kernel: number, config: JsonObject = {}, on?: string): string {
    const all = { filters, kernel_size: [kernel, kernel], padding: 'same', ...HE, ...config };
    return this.call('Conv2D', all, on === undefined ? undefined : [on]);
  }

  normConv(filters: number, kernel: number, stride: number, on?: string): string {
    this.conv(filters, kernel, { strides: [stride, stride], use_bias: false }, on);
    return this.call('BatchNormalization');
  }

  relu(): string {
    return this.call('ReLU');
  }

  file(): JsonObject {
    const [first, last] = [this.layers[0]!, this.layers.at(-1)!];
    return {
      class_name: 'Functional',
      config: {
        name: 'bench',
        layers: this.layers,
        input_layers: [[first['name']!, 0, 0]],
        output_layers: [[last['name']!, 0, 0]],
      },
      keras_version: '2.15.0',
      backend: 'tensorflow',
    };
  }

  get end(): string {
    return this.last;
  }
}

const HE = { kernel_initializer: { class_name: 'HeNormal', config: {} } };
const HEAD = { units: 10, activation: 'softmax' };

function mlp(): JsonObject {
  return deepMlp(9, 512, 784);
}

/** Dense layers with ReLU of one width, and a softmax head of 10. */
export function deepMlp(depth: number, width: number, inputs: number): JsonObject {
  const g = new Graph([inputs]);
  for (let i = 0; i < depth; i++) g.call('Dense', { units: width, activation: 'relu', ...HE });
  g.call('Dense', HEAD);
  return g.file();
}

function lenet(): JsonObject {
  const g = new Graph([28, 28, 1]);
  g.conv(6, 5, { activation: 'relu' });
  g.call('MaxPooling2D', { pool_size: [2, 2] });
  g.conv(16, 5, { activation: 'relu', padding: 'valid' });
  g.call('MaxPooling2D', { pool_size: [2, 2] });
  g.call('Flatten');
  g.call('Dense', { units: 120, activation: 'relu', ...HE });
  g.call('Dense', { units: 84, activation: 'relu', ...HE });
  g.call('Dense', HEAD);
  return g.file();
}

function vgg11(): JsonObject {
  const g = new Graph([32, 32, 3]);
  for (const size of [64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0]) {
    if (size === 0) g.call('MaxPooling2D', { pool_size: [2, 2] });
    else g.conv(size, 3, { activation: 'relu' });
  }
  g.call('Flatten');
  g.call('Dense', HEAD);
  return g.file();
}

function resnet18(): JsonObject {
  const g = new Graph([32, 32, 3]);
  g.normConv(64, 3, 1);
  let x = g.relu();
  let channels = 64;
  for (const [filters, first] of [
    [64, 1],
    [128, 2],
    [256, 2],
    [512, 2],
  ] as const)
    for (const stride of [first, 1]) {
      g.normConv(filters, 3, stride, x);
      g.relu();
      const branch = g.normConv(filters, 3, 1);
      const skip = stride === 1 && channels === filters ? x : g.normConv(filters, 1, stride, x);
      channels = filters;
      g.call('Add', {}, [branch, skip]);
      x = g.relu();
    }
  g.call('GlobalAveragePooling2D');
  g.call('Dense', HEAD);
  return g.file();
}

function resnet50(): JsonObject {
  const g = new Graph([224, 224, 3]);
  g.normConv(64, 7, 2);
  g.relu();
  let x = g.call('MaxPooling2D', { pool_size: [3, 3], strides: [2, 2], padding: 'same' });
  let channels = 64;
  for (const [filters, blocks, first] of [
    [64, 3, 1],
    [128, 4, 2],
    [256, 6, 2],
    [512, 3, 2],
  ] as const)
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? first : 1;
      g.normConv(filters, 1, 1, x);
      g.relu();
      g.normConv(filters, 3, stride);
      g.relu();
      const branch = g.normConv(4 * filters, 1, 1);
      const skip = channels === 4 * filters ? x : g.normConv(4 * filters, 1, stride, x);
      channels = 4 * filters;
      g.call('Add', {}, [branch, skip]);
      x = g.relu();
    }
  g.call('GlobalAveragePooling2D');
  g.call('Dense', { units: 1000, activation: 'softmax' });
  return g.file();
}

function mobilenetV2(): JsonObject {
  const g = new Graph([96, 96, 3]);
  const relu6 = (): string => g.call('ReLU', { max_value: 6 });
  g.normConv(32, 3, 2);
  let x = relu6();
  let channels = 32;
  for (const [expand, filters, blocks, first] of [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const)
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? first : 1;
      if (expand > 1) {
        g.normConv(expand * channels, 1, 1, x);
        relu6();
      }
      const config = { kernel_size: [3, 3], strides: [stride, stride], padding: 'same', use_bias: false };
      g.call('DepthwiseConv2D', config);
      g.call('BatchNormalization');
      relu6();
      const branch = g.normConv(filters, 1, 1);
      x = stride === 1 && channels === filters ? g.call('Add', {}, [branch, x]) : branch;
      channels = filters;
    }
  g.normConv(1280, 1, 1, x);
  relu6();
  g.call('GlobalAveragePooling2D');
  g.call('Dense', HEAD);
  return g.file();
}

function lstm(): JsonObject {
  const g = new Graph([64, 256]);
  g.call('LSTM', { units: 256, return_sequences: true });
  g.call('LSTM', { units: 256 });
  g.call('Dense', HEAD);
  return g.file();
}

function transformer(): JsonObject {
  const g = new Graph([64, 256]);
  for (let block = 0; block < 6; block++) {
    const x = g.end;
    const normed = g.call('LayerNormalization');
    const heads = { num_heads: 8, key_dim: 32 };
    const attended = g.call('MultiHeadAttention', heads, [normed], { value: [normed, 0, 0] });
    const sum = g.call('Add', {}, [x, attended]);
    g.call('LayerNormalization');
    g.call('Dense', { units: 1024, activation: 'gelu' });
    const out = g.call('Dense', { units: 256 });
    g.call('Add', {}, [sum, out]);
  }
  g.call('LayerNormalization');
  g.call('GlobalAveragePooling1D');
  g.call('Dense', HEAD);
  return g.file();
}

const net = (name: string, title: string, batch: number, build: () => JsonObject): BenchNet => ({
  name,
  title,
  batch,
  file: build(),
});

/** The networks that stand against PyTorch; batches are large enough that no shares lack samples. */
export const NETS: readonly BenchNet[] = [
  net('mlp', 'MLP 9 × 512', 64, mlp),
  net('lenet', 'LeNet', 64, lenet),
  net('vgg11', 'VGG-11, 32 px', 16, vgg11),
  net('resnet18', 'ResNet-18, 32 px', 16, resnet18),
  net('mobilenetV2', 'MobileNetV2, 96 px', 8, mobilenetV2),
  net('lstm', 'LSTM 2 × 256, 64 steps', 16, lstm),
  net('transformer', 'transformer 6 × 256, 64 positions', 8, transformer),
];

/** Reported only. */
export const RESNET50: BenchNet = net('resnet50', 'ResNet-50, 224 px', 2, resnet50);
