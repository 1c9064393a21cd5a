/** What is known of a corpus file: layers and parameters as Keras 2 (or TF.js, for what TF.js wrote) counts them, and what it is told. */
export interface CorpusFile {
  readonly file: string;
  readonly format: 'hdf5' | 'keras-json' | 'tfjs-json';
  readonly semantics: 'keras2' | 'tfjs';
  readonly layers: number;
  readonly parameters: number;
  /** `rule severity layer` of every finding of a measurement with the plan's own seeds; sorted as reported. */
  readonly findings: readonly string[];
  /** The same of `--predict-only`, where measuring would take minutes. */
  readonly predicted?: readonly string[];
  /** Outputs on the way to the end. */
  readonly taps?: number;
}

const TENSORSPACE = 'tensorspace-team-tensorspace-converter';
const UPSCALER = [
  'duplicate-weights information F_0',
  'duplicate-weights information F_1_1',
  'duplicate-weights information LFF_1',
  'unscaled-initializer hint F_m1',
];

/** Every layers-model, Keras JSON and full HDF5 file of the corpus. */
export const MODELS: readonly CorpusFile[] = [
  {
    file: `keras-files/${TENSORSPACE}__test_keras_combined_keras_model.h5`,
    format: 'hdf5',
    semantics: 'keras2',
    layers: 10,
    parameters: 44426,
    findings: ['initializer-mismatch hint Conv2D_1'],
  },
  {
    file: `keras-files/${TENSORSPACE}__test_keras_separated_topology.json`,
    format: 'keras-json',
    semantics: 'keras2',
    layers: 10,
    parameters: 44426,
    findings: ['initializer-mismatch hint Conv2D_1'],
  },
  {
    file: `keras-files/${TENSORSPACE}__test_tensorflow_combinedKeras_tf_keras_model.h5`,
    format: 'hdf5',
    semantics: 'keras2',
    layers: 10,
    parameters: 44426,
    findings: ['initializer-mismatch hint conv_1'],
  },
  {
    file: 'keras-files/transcranial-keras-js__demos_data_mnist_cnn_mnist_cnn.json',
    format: 'keras-json',
    semantics: 'keras2',
    layers: 13,
    parameters: 600810,
    findings: ['initializer-mismatch hint convolution2d_1'],
  },
  {
    file: 'keras-files/transcranial-keras-js__demos_data_resnet50_resnet50.json',
    format: 'keras-json',
    semantics: 'keras2',
    layers: 177,
    parameters: 25636712,
    findings: ['initial-loss information fc1000', 'dead-parameters hint conv1'],
    predicted: ['dead-parameters hint conv1'],
  },
  {
    file: 'tfjs-json/infinitered-nsfwjs__models_mobilenet_v2_model/model.json',
    format: 'tfjs-json',
    semantics: 'keras2',
    layers: 162,
    parameters: 2619461,
    findings: ['framework-trap hint expanded_conv_depthwise'],
    predicted: ['framework-trap hint expanded_conv_depthwise'],
  },
  {
    file: 'tfjs-json/npm-upscalerjs-default-model__models_model/model.json',
    format: 'tfjs-json',
    semantics: 'keras2',
    layers: 24,
    parameters: 222075,
    findings: UPSCALER,
    predicted: ['unscaled-initializer hint F_m1'],
  },
  {
    file: 'tfjs-json/npm-upscalerjs-esrgan-slim__models_x4_model/model.json',
    format: 'tfjs-json',
    semantics: 'keras2',
    layers: 24,
    parameters: 233451,
    findings: UPSCALER,
    predicted: ['unscaled-initializer hint F_m1'],
  },
  {
    file: 'tfjs-json/poloclub-cnn-explainer__public_assets_data_model/model.json',
    format: 'tfjs-json',
    semantics: 'keras2',
    layers: 13,
    parameters: 19920,
    findings: ['initializer-mismatch hint conv_1_1'],
  },
  {
    file: 'tfjs-json/tensorflow-tfjs-examples__abalone-node_trainedModel_model/model.json',
    format: 'tfjs-json',
    semantics: 'tfjs',
    layers: 4,
    parameters: 3051,
    findings: [
      'correlation-collapse information dense_Dense2',
      'framework-trap hint dense_Dense1',
      'initializer-mismatch hint dense_Dense1',
    ],
  },
  {
    file: 'tfjs-json/tensorflow-tfjs__e2e_integration_tests_load_predict_data_layers_model_model/model.json',
    format: 'tfjs-json',
    semantics: 'tfjs',
    layers: 3,
    parameters: 2300,
    findings: ['framework-trap hint gru_GRU1'],
  },
  {
    file: 'tfjs-json/tensorflow-tfjs__tfjs-react-native_integration_rn59_assets_model_bundle_model_test/bundle_model_test.json',
    format: 'tfjs-json',
    semantics: 'tfjs',
    layers: 2,
    parameters: 11,
    findings: ['framework-trap hint dense_Dense2'],
  },
  {
    file: `tfjs-json/${TENSORSPACE}__docker_example_output_model/model.json`,
    format: 'tfjs-json',
    semantics: 'keras2',
    layers: 10,
    parameters: 44426,
    taps: 8,
    findings: ['initializer-mismatch hint Conv2D_1'],
  },
  {
    file: `tfjs-json/${TENSORSPACE}__examples_tensorflow_convertedModel_layerModel_model/model.json`,
    format: 'tfjs-json',
    semantics: 'keras2',
    layers: 10,
    parameters: 44426,
    taps: 6,
    findings: ['initializer-mismatch hint conv_1'],
  },
  {
    file: `tfjs-json/${TENSORSPACE}__examples_tfjs_rawModel_mnist/mnist.json`,
    format: 'tfjs-json',
    semantics: 'tfjs',
    layers: 10,
    parameters: 61706,
    findings: ['framework-trap hint myConv1', 'initializer-mismatch hint myConv1'],
  },
];

/** Every graph-model and weights-only file of the corpus, and the reason of its `skipped` line. */
export const SKIPPED: readonly (readonly [file: string, reason: RegExp])[] = [
  [`keras-files/${TENSORSPACE}__test_keras_separated_weights.h5`, /weights only/],
  [
    'tfjs-json/tensorflow-tfjs-examples__angular-predictive-prefetching_client_src_assets_model/model.json',
    /graph-model/,
  ],
  ['tfjs-json/tensorflow-tfjs__e2e_custom_module_blazeface_model.json', /graph-model/],
  ['tfjs-json/tensorflow-tfjs__e2e_custom_module_universal_sentence_encoder_model.json', /graph-model/],
  [
    'tfjs-json/tensorflow-tfjs__e2e_integration_tests_load_predict_data_graph_model_model/model.json',
    /graph-model/,
  ],
  [`tfjs-json/${TENSORSPACE}__examples_tensorflow_convertedModel_graphModel_model/model.json`, /graph-model/],
];
