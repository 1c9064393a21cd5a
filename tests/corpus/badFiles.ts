import { zipSync } from 'fflate';
import { hdf5Bytes, kerasZip, LAMBDA, tfjsModel } from '../support/badFiles.ts';
import { HEALTHY, kerasDense, kerasSequential } from '../support/kerasJson.ts';
import { archives } from './badArchives.ts';
import { JSON_FILES } from './badJson.ts';

/** A file and what is said about it: texts stand in the line as they are. */
export type BadFile = readonly [name: string, content: string | Uint8Array, says: string | RegExp];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const pickle = (protocol: number) => Uint8Array.of(0x80, protocol, 0x7d, 0x71, 0);
const export_ = 'open("model.json", "w").write(model.to_json())';

/** Files that cannot be inspected: one line on standard error each. */
export async function refused(): Promise<readonly BadFile[]> {
  return [...JSON_FILES, ...(await archives())];
}

/** Kinds that hold no initializers: one `skipped` line each, which does not set the exit code. */
export async function skipped(): Promise<readonly BadFile[]> {
  const weightsOnly = `an HDF5 file with weights only: no model_config, so no initializers; inspect the model's JSON: ${export_}`;
  const graph = { format: 'graph-model', modelTopology: { node: [], versions: {} }, weightsManifest: [] };
  const pickled =
    'a pickled PyTorch file (never opened here): its module is Python code; inspect the .py file that defines it';
  return [
    [
      'graph.json',
      JSON.stringify(graph),
      /a TensorFlow\.js graph-model: layers and initializers are gone from it/,
    ],
    ['graph-old.json', JSON.stringify({ ...graph, format: undefined }), /graph-model/],
    [
      'keras2.weights.h5',
      await hdf5Bytes((file) => file.create_attribute('layer_names', ['a'])),
      weightsOnly,
    ],
    ['keras3.weights.h5', await hdf5Bytes((file) => void file.create_group('layers')), weightsOnly],
    [
      'saved/saved_model.pb',
      Uint8Array.of(8, 1, 18, 200),
      'a TensorFlow SavedModel: its initializers are compiled away; save it as Keras: tf.keras.models.load_model("FOLDER").save("model.keras")',
    ],
    [
      'graph.pb',
      Uint8Array.of(10, 40, 18),
      `a TensorFlow graph: its initializers are compiled away; inspect the Keras model behind it: ${export_}`,
    ],
    [
      'zipped.pt',
      zipSync({ 'archive/data.pkl': pickle(2), 'archive/version': bytes('3') }),
      'a PyTorch checkpoint (pickled, never opened here): its module is Python code; inspect the .py file that defines it',
    ],
    ['legacy.pth', pickle(2), pickled],
    [
      'pointer.h5',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
      'a pointer of Git LFS, not the file itself: bring it with: git lfs pull',
    ],
    [
      'pickled.h5',
      Uint8Array.of(...pickle(4), ...bytes('keras.saving.pickle_utils')),
      'a pickled Keras model (never opened here), whatever its name: save it as Keras: model.save("model.keras")',
    ],
    ['last.ckpt', pickle(4), pickled],
    [
      'net.onnx',
      Uint8Array.of(8, 8, 18, 7),
      'an ONNX model: it holds weights, not initializers; inspect the PyTorch or Keras source it was exported from',
    ],
    [
      'net.tflite',
      Uint8Array.of(28, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33),
      /a TensorFlow Lite model: .* inspect the Keras model it was converted from/,
    ],
    [
      'net.safetensors',
      Uint8Array.of(10, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d),
      /a safetensors file with weights only/,
    ],
    [
      'net.yaml',
      'backend: tensorflow\nclass_name: Sequential\nconfig:\n  layers: []\nkeras_version: 2.4.0\n',
      `Keras YAML, which Keras itself no longer reads: write JSON instead: ${export_}`,
    ],
  ];
}

/** Files that are inspected all the same, and what is noted. */
export async function read(): Promise<readonly BadFile[]> {
  const full = await hdf5Bytes((file) => {
    file.create_attribute('keras_version', '2.11.0');
    file.create_attribute('model_config', HEALTHY);
  });
  const outside =
    'lies outside of the folder of the model: the saved weights are not inspected, fresh ones are';
  return [
    ['good.json', HEALTHY, /good\.json {2}model · /],
    ['bom.json', `\ufeff${HEALTHY}`, /bom\.json {2}model · /],
    ['crlf.json', HEALTHY.replaceAll('\n', '\r\n'), /crlf\.json {2}model · /],
    ['utf16.json', utf16(HEALTHY), /utf16\.json {2}model · /],
    ['utf16be.json', Buffer.from(utf16(HEALTHY)).swap16(), /utf16be\.json {2}model · /],
    [
      'unknown-layer.json',
      kerasSequential([
        kerasDense('a', 4),
        { class_name: 'Frobnicate', config: { name: 'odd' } },
        kerasDense('b', 4),
      ]),
      /unknown-layer\.json:\d+:\d+: note: .*Frobnicate/,
    ],
    [
      'unknown-initializer.json',
      kerasSequential([
        kerasDense('a', 4),
        kerasDense('b', 4, { kernel_initializer: { class_name: 'Magic', config: {} } }),
      ]),
      /unknown-initializer\.json:\d+:\d+: note: .*Magic/,
    ],
    ['lambda.json', LAMBDA, /lambda\.json:40:23: note: Layer "odd": .*Lambda/],
    ['unknown-size.json', kerasSequential([kerasDense('a', 4)], [null, 8]), /unknown-size\.json/],
    [
      'proto.json',
      kerasSequential([kerasDense('__proto__', 4), kerasDense('constructor', 4)]),
      /proto\.json {2}model · /,
    ],
    [
      'escape.keras',
      kerasZip({ '../../../../tmp/initscope-evil': bytes('x') }),
      /escape\.keras {2}model · Keras 3\.8\.0/,
    ],
    ['full.h5', full, /full\.h5 {2}model · Keras 2\.11\.0/],
    [
      'shard-missing.json',
      tfjsModel(['none.bin']),
      'The weight file "none.bin" is missing beside the model: the saved weights are not inspected, fresh ones are',
    ],
    [
      'shard-trick.json',
      tfjsModel(['../../../../etc/passwd']),
      `The weight file "../../../../etc/passwd" ${outside}`,
    ],
    ['shard-absolute.json', tfjsModel(['/etc/passwd']), `The weight file "/etc/passwd" ${outside}`],
    [
      'shard-short.json',
      tfjsModel(['short.dat']),
      'The weight files end before "a/kernel": the saved weights from here on are not inspected; found 100 bytes; expected at least 512 bytes',
    ],
    [
      'shard-long.json',
      tfjsModel(['long.dat']),
      /shard-long\.json {2}model · [^\n]*\n {2}Nothing is wrong[^\n]*\n(?! {2}shard)/,
    ],
  ];
}

/** Files beside those of the tables. */
export const BESIDE: Readonly<Record<string, Uint8Array>> = {
  'short.dat': new Uint8Array(100),
  'long.dat': new Uint8Array(1000),
  'saved/fingerprint.pb': Uint8Array.of(8, 1),
  'saved/variables/variables.index': Uint8Array.of(0, 1),
};
