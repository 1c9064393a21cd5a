import { functional3 } from '../support/kerasJson.ts';

type Layers = readonly (readonly [className: string, config: Readonly<Record<string, unknown>>])[];
type Framework = 'tfjs' | 'keras2' | 'keras3';

const init = (className: string, config: object = {}) => ({ class_name: className, config });
const shared = (id: number) => ({ ...init('HeNormal', { seed: null }), shared_object_id: id });
export const scaling = (distribution: string) =>
  init('VarianceScaling', { scale: 2, mode: 'fan_in', distribution, seed: null });

/** The text of a Sequential as this framework writes it. */
export function model(framework: Framework, input: readonly number[], layers: Layers): string {
  const named = layers.map(([className, config], index) => ({
    class_name: className,
    config: {
      name: `l${index}`,
      ...(index === 0
        ? { [framework === 'keras3' ? 'batch_shape' : 'batch_input_shape']: [null, ...input] }
        : {}),
      ...config,
    },
  }));
  const first = {
    class_name: 'InputLayer',
    config: { name: 'in', batch_shape: [null, ...input] },
  };
  const config = { name: 'net', layers: framework === 'keras3' ? [first, ...named] : named };
  const version = { tfjs: 'tfjs-layers 4.22.0', keras2: '2.11.0', keras3: '3.4.1' }[framework];
  const topology = { class_name: 'Sequential', config, keras_version: version, backend: 'tensorflow' };
  if (framework !== 'tfjs') return JSON.stringify(topology);
  return JSON.stringify({
    format: 'layers-model',
    generatedBy: 'TensorFlow.js tfjs-layers v4.22.0',
    modelTopology: { ...topology, backend: 'tensor_flow.js' },
  });
}

export const dense = (kernel: object, more: object = {}): Layers => [
  ['Dense', { units: 64, activation: 'relu', use_bias: true, kernel_initializer: kernel, ...more }],
  [
    'Dense',
    {
      units: 4,
      activation: 'softmax',
      use_bias: true,
      kernel_initializer: init('HeUniform', { seed: null }),
    },
  ],
];
const twice = (first: object, second: object): Layers =>
  [first, second].map(
    (kernel) => ['Dense', { units: 32, activation: 'relu', kernel_initializer: kernel }] as const,
  );
const lstm = (more: object): Layers => [['LSTM', { units: 16, ...more }]];
const conv = (className: string, more: object): Layers => [[className, { kernel_size: [3, 3], ...more }]];

/** Self-attention with heads, whose projections draw by this initializer. */
const attention = (kernel: object): string =>
  functional3(
    [12, 64],
    'float32',
    [['MultiHeadAttention', { num_heads: 8, key_dim: 8, kernel_initializer: kernel }, ['in', 'in']]],
    '3.15.1',
  );
const einsum = (kernel: object): string =>
  functional3(
    [12, 64],
    'float32',
    [
      [
        'EinsumDense',
        {
          equation: 'abc,cde->abde',
          output_shape: [null, 8, 8],
          bias_axes: 'de',
          kernel_initializer: kernel,
        },
        ['in'],
      ],
    ],
    '3.15.1',
  );
const axes = { input_axes: [0], output_axes: [1, 2] };

const normal = (value: number) => init('RandomNormal', { mean: 0, stddev: value, seed: null });

/** Ids to vectors and back to logits by the same table. */
const tied = (stddev: number): string =>
  functional3(
    [16],
    'int32',
    [
      [
        'ReversibleEmbedding',
        { input_dim: 100, output_dim: 256, embeddings_initializer: normal(stddev) },
        ['in'],
      ],
      ['LayerNormalization', {}, ['l0']],
      ['=l0', {}, ['l1'], { reverse: true }],
    ],
    '3.15.1',
  );

/** Ids to vectors, to which positions of the same or of their own scale are added. */
function embedded(stddev: number): string {
  return functional3([16], 'int32', [
    ['Embedding', { input_dim: 100, output_dim: 32, embeddings_initializer: normal(stddev) }, ['in']],
    ['Embedding', { input_dim: 100, output_dim: 32, embeddings_initializer: normal(0.02) }, ['in']],
    ['Add', {}, ['l0', 'l1']],
    ['Flatten', {}, ['l2']],
    ['Dense', { units: 4, kernel_initializer: init('HeUniform', { seed: null }) }, ['l3']],
  ]);
}

/** A trap of theory.md §5, its rule, the file that falls into it, and its twin that does not. */
export const TRAPS: readonly (readonly [name: string, rule: string, trap: string, twin: string])[] = [
  [
    'heNormal of TF.js is 0.88 of its name',
    'framework-trap',
    model('tfjs', [64], dense(init('HeNormal', { seed: null }))),
    model('keras2', [64], dense(init('HeNormal', { seed: null }))),
  ],
  [
    'minval 0 is read as absent',
    'framework-trap',
    model('tfjs', [64], dense(init('RandomUniform', { minval: 0, maxval: 0.3, seed: null }))),
    model('tfjs', [64], dense(init('RandomUniform', { minval: -0.3, maxval: 0.3, seed: null }))),
  ],
  [
    'stddev 0 is read as absent',
    'framework-trap',
    model('tfjs', [64], dense(init('RandomNormal', { mean: 0, stddev: 0, seed: null }))),
    model('tfjs', [64], dense(init('RandomNormal', { mean: 0, stddev: 0.18, seed: null }))),
  ],
  [
    'seed 0 is no seed',
    'framework-trap',
    model('tfjs', [64], dense(init('HeUniform', { seed: 0 }))),
    model('tfjs', [64], dense(init('HeUniform', { seed: 1 }))),
  ],
  [
    'truncated_normal becomes uniform',
    'framework-trap',
    model('tfjs', [64], dense(scaling('truncated_normal'))),
    model('tfjs', [64], dense(scaling('uniform'))),
  ],
  [
    'a forget bias that was not asked for is 0',
    'lstm-forget-bias',
    model('tfjs', [20, 8], lstm({})),
    model('keras2', [20, 8], lstm({})),
  ],
  [
    'equal seeds give equal kernels',
    'duplicate-weights',
    model('tfjs', [32], twice(init('HeUniform', { seed: 7 }), init('HeUniform', { seed: 7 }))),
    model('tfjs', [32], twice(init('HeUniform', { seed: 7 }), init('HeUniform', { seed: 8 }))),
  ],
  [
    'the seed 0 leaves no equal kernels in TF.js, as it does in Keras',
    'duplicate-weights',
    model('keras2', [32], twice(init('HeUniform', { seed: 0 }), init('HeUniform', { seed: 0 }))),
    model('tfjs', [32], twice(init('HeUniform', { seed: 0 }), init('HeUniform', { seed: 0 }))),
  ],
  [
    'one unseeded instance for two layers gives equal kernels in Keras 3',
    'duplicate-weights',
    model('keras3', [32], twice(shared(1), shared(1))),
    model('keras3', [32], twice(shared(1), shared(2))),
  ],
  [
    'the default kernel of TF.js is glorotNormal, cut short',
    'framework-trap',
    model('tfjs', [64], [['Dense', { units: 32, activation: 'tanh' }]]),
    model('keras2', [64], [['Dense', { units: 32, activation: 'tanh' }]]),
  ],
  [
    'heads are no channels: attention of Keras 3 before 3.15',
    'framework-trap',
    attention(init('GlorotUniform', { seed: null })),
    attention(init('GlorotUniform', { seed: null, ...axes })),
  ],
  [
    'an EinsumDense kernel of three axes is no convolution: Keras 3 before 3.15',
    'framework-trap',
    einsum(init('GlorotUniform', { seed: null })),
    einsum(init('GlorotUniform', { seed: null, ...axes })),
  ],
  [
    'an embedding of N(0, 1) drowns the positions added to it',
    'embedding-scale',
    embedded(1),
    embedded(0.02),
  ],
  ['a tied embedding of N(0, 1) gives logits of std √d', 'embedding-scale', tied(1), tied(0.02)],
  [
    'fans of a depthwise kernel',
    'framework-trap',
    model('keras2', [16, 16, 32], conv('DepthwiseConv2D', { depthwise_initializer: init('HeNormal') })),
    model('keras2', [16, 16, 32], conv('Conv2D', { filters: 32, kernel_initializer: init('HeNormal') })),
  ],
  [
    'fans of a transposed kernel',
    'framework-trap',
    model(
      'keras2',
      [8, 8, 8],
      conv('Conv2DTranspose', { filters: 64, kernel_initializer: init('HeNormal') }),
    ),
    model(
      'keras2',
      [8, 8, 64],
      conv('Conv2DTranspose', { filters: 64, kernel_initializer: init('HeNormal') }),
    ),
  ],
];
