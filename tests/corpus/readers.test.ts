import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ReadOptions } from '../../src/model/reader.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { readModels } from '../../src/readers/formats.ts';
import { root } from '../support/root.ts';

const corpus = process.env.INITSCOPE_CORPUS ?? join(root, '..', 'shared', 'corpus');

/** Files of the corpus: semantics, layers and parameters as Keras 2 (or TF.js, for what TF.js wrote) counts them. */
const MODELS: readonly (readonly [
  file: string,
  format: string,
  semantics: string,
  layers: number,
  parameters: number,
])[] = [
  [
    'keras-files/tensorspace-team-tensorspace-converter__test_keras_combined_keras_model.h5',
    'hdf5',
    'keras2',
    10,
    44426,
  ],
  [
    'keras-files/tensorspace-team-tensorspace-converter__test_keras_separated_topology.json',
    'keras-json',
    'keras2',
    10,
    44426,
  ],
  [
    'keras-files/tensorspace-team-tensorspace-converter__test_tensorflow_combinedKeras_tf_keras_model.h5',
    'hdf5',
    'keras2',
    10,
    44426,
  ],
  [
    'keras-files/transcranial-keras-js__demos_data_mnist_cnn_mnist_cnn.json',
    'keras-json',
    'keras2',
    13,
    600810,
  ],
  [
    'keras-files/transcranial-keras-js__demos_data_resnet50_resnet50.json',
    'keras-json',
    'keras2',
    177,
    25636712,
  ],
  ['tfjs-json/infinitered-nsfwjs__models_mobilenet_v2_model/model.json', 'tfjs-json', 'keras2', 162, 2619461],
  ['tfjs-json/npm-upscalerjs-default-model__models_model/model.json', 'tfjs-json', 'keras2', 24, 222075],
  ['tfjs-json/npm-upscalerjs-esrgan-slim__models_x4_model/model.json', 'tfjs-json', 'keras2', 24, 233451],
  ['tfjs-json/poloclub-cnn-explainer__public_assets_data_model/model.json', 'tfjs-json', 'keras2', 13, 19920],
  [
    'tfjs-json/tensorflow-tfjs-examples__abalone-node_trainedModel_model/model.json',
    'tfjs-json',
    'tfjs',
    4,
    3051,
  ],
  [
    'tfjs-json/tensorflow-tfjs__e2e_integration_tests_load_predict_data_layers_model_model/model.json',
    'tfjs-json',
    'tfjs',
    3,
    2300,
  ],
  [
    'tfjs-json/tensorflow-tfjs__tfjs-react-native_integration_rn59_assets_model_bundle_model_test/bundle_model_test.json',
    'tfjs-json',
    'tfjs',
    2,
    11,
  ],
  [
    'tfjs-json/tensorspace-team-tensorspace-converter__docker_example_output_model/model.json',
    'tfjs-json',
    'keras2',
    10,
    44426,
  ],
  [
    'tfjs-json/tensorspace-team-tensorspace-converter__examples_tensorflow_convertedModel_layerModel_model/model.json',
    'tfjs-json',
    'keras2',
    10,
    44426,
  ],
  [
    'tfjs-json/tensorspace-team-tensorspace-converter__examples_tfjs_rawModel_mnist/mnist.json',
    'tfjs-json',
    'tfjs',
    10,
    61706,
  ],
];

const SKIPPED: readonly (readonly [file: string, reason: RegExp])[] = [
  ['keras-files/tensorspace-team-tensorspace-converter__test_keras_separated_weights.h5', /weights only/],
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
  [
    'tfjs-json/tensorspace-team-tensorspace-converter__examples_tensorflow_convertedModel_graphModel_model/model.json',
    /graph-model/,
  ],
];

async function read(file: string, options: ReadOptions = {}) {
  const path = join(corpus, file);
  const size = await nodeFiles.size(path);
  return readModels({ path, size, head: await nodeFiles.read(path, 0, 4096) }, nodeFiles, options);
}

const skip = existsSync(corpus) || process.env.CI === 'true' ? false : `no corpus at ${corpus}`;

for (const [file, format, semantics, layers, parameters] of MODELS) {
  test(file, { skip }, async () => {
    const { models, problems } = await read(file);
    assert.deepEqual(problems, []);
    const [spec] = models;
    assert.ok(spec);
    assert.deepEqual(spec.problems, []);
    assert.deepEqual(
      [spec.format, spec.semantics.value, spec.layers.length, spec.parameters.total],
      [format, semantics, layers, parameters],
    );
    if (format !== 'keras-json')
      assert.ok(
        spec.layers.every((layer) => layer.weights.every(({ saved }) => saved !== undefined)),
        'every weight is found in the file',
      );
  });
}

for (const [file, reason] of SKIPPED) {
  test(`${file} is skipped`, { skip }, async () => {
    const { models, problems, skipped } = await read(file);
    assert.deepEqual([models, problems], [[], []]);
    assert.match(skipped ?? '', reason);
  });
}

test("the GRU of TF.js has Keras 2's second bias when read as Keras 2", { skip }, async () => {
  const file =
    'tfjs-json/tensorflow-tfjs__e2e_integration_tests_load_predict_data_layers_model_model/model.json';
  assert.equal((await read(file, { semantics: 'keras2' })).models[0]?.parameters.total, 2312);
});
