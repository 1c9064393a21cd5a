import { zipSync } from 'fflate';
import { hdf5Bytes, kerasZip, LAMBDA, lyingZip, tfjsModel } from '../support/badFiles.ts';
import { HEALTHY, kerasDense, kerasSequential } from '../support/kerasJson.ts';

/** A file and what is said about it: texts stand in the line as they are. */
export type BadFile = readonly [name: string, content: string | Uint8Array, says: string | RegExp];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const pickle = (protocol: number) => Uint8Array.of(0x80, protocol, 0x7d, 0x71, 0);
const export_ = 'open("model.json", "w").write(model.to_json())';
const again = 'The file is truncated or damaged: write or download it again.';

const dense = (name: string, from: string, more: Readonly<Record<string, unknown>> = {}) => ({
  ...kerasDense(name, 4, more),
  name,
  inbound_nodes: [[[from, 0, 0, {}]]],
});

function functional(layers: readonly object[], output: string): string {
  const input = {
    class_name: 'InputLayer',
    config: { batch_input_shape: [null, 4], dtype: 'float32', name: 'in' },
    name: 'in',
    inbound_nodes: [],
  };
  const config = {
    name: 'm',
    layers: [input, ...layers],
    input_layers: [['in', 0, 0]],
    output_layers: [[output, 0, 0]],
  };
  return JSON.stringify(
    { class_name: 'Functional', config, keras_version: '2.11.0', backend: 'tensorflow' },
    undefined,
    1,
  );
}

function nested(depth: number): string {
  return `{"class_name": "Sequential", "config": {"name": "deep", "layers": ${'['.repeat(depth)}${']'.repeat(depth)}}}`;
}

const JSON_FILES: readonly BadFile[] = [
  ['empty.json', '', 'The file is empty; expected a JSON document'],
  ['truncated.json', HEALTHY.slice(0, 300), /^truncated\.json:\d+:\d+: error: .* The file is truncated/m],
  ['list.json', '[1, 2, 3]', /no model/i],
  ['other.json', '{"name": "left-pad", "version": "1.0.0"}', /no model/i],
  ['number.json', '42', /no model/i],
  [
    'twice.json',
    JSON.stringify(HEALTHY),
    /the model as a text inside JSON .* write model\.to_json\(\) itself/,
  ],
  ['nan.json', HEALTHY.replace('0.02', 'NaN'), /^nan\.json:\d+:\d+: error: NaN at line \d+.*allow_nan=False/],
  [
    'units-negative.json',
    kerasSequential([kerasDense('a', -3)]),
    /^units-negative\.json:\d+:\d+: error: .*-3/,
  ],
  ['units-text.json', kerasSequential([kerasDense('a', 3, { units: 'many' })]), /many/],
  ['units-absurd.json', kerasSequential([kerasDense('a', 2_000_000_000)]), /too large to exist/],
  [
    'units-huge.json',
    kerasSequential([kerasDense('a', 100_000_000)]),
    /too large to be measured; found .* of a; expected/,
  ],
  ['missing-link.json', functional([dense('a', 'nowhere')], 'a'), /nowhere/],
  ['cycle.json', functional([dense('a', 'b'), dense('b', 'a')], 'b'), /cycle|circle|itself/i],
  [
    'duplicate-name.json',
    functional([dense('a', 'in'), dense('a', 'in')], 'a'),
    /twice|duplicate|same name|two layers/i,
  ],
  [
    'duplicate-key.json',
    HEALTHY.replace('"units": 16', '"units": 16, "units": 17'),
    /^duplicate-key\.json:\d+:\d+: error: The key "units" stands twice in one object, again at line \d+/,
  ],
  ['deep.json', nested(200_000), /deep|nest/i],
  ['bytes.json', Uint8Array.from({ length: 400 }, (_, index) => (index * 73) % 256), /no .*text/i],
  ['no-layers.json', '{"class_name": "Sequential", "config": {"layers": []}}', /The model has no layers/],
  ['no-config.json', '{"class_name": "Sequential"}', /This is no Keras model; expected \{"class_name"/],
  [
    'unknown-only.json',
    kerasSequential([kerasDense('a', 4, { kernel_initializer: { class_name: 'Magic', config: {} } })]),
    /No layer of the model can be inspected; found .*Magic/,
  ],
  [
    'no-outputs.json',
    functional([dense('a', 'in')], 'a').replace(/"output_layers": \[[^]*?\]\s*\]/, '"output_layers": []'),
    /names no outputs.*expected "output_layers"/,
  ],
];

async function archives(): Promise<readonly BadFile[]> {
  const good = kerasZip();
  const bomb = kerasZip({ 'config.json': new Uint8Array(70 * 2 ** 20) });
  const lies = `"config.json" is not what the zip directory says (size or checksum); expected a complete zip archive; ${again}`;
  const away = `The zip directory names bytes that are not there; expected a complete zip archive; ${again}`;
  const model = await hdf5Bytes((file) => {
    file.create_attribute('model_config', HEALTHY);
    file.create_group('model_weights');
  });
  const attributes = (values: Readonly<Record<string, string>>) =>
    hdf5Bytes((file) => {
      for (const [name, value] of Object.entries(values)) file.create_attribute(name, value);
    });
  const damaged =
    'The HDF5 file is truncated or damaged; expected a complete HDF5 file; Write or download it again.';
  const lying = model.slice();
  lying.fill(0xff, 40, 200);
  return [
    [
      'cut.keras',
      good.slice(0, -40),
      `The zip archive has no directory at its end; expected a complete zip archive; ${again}`,
    ],
    ['crc.keras', lyingZip(good, 'config.json', { crc: 1 }), lies],
    ['short.keras', lyingZip(good, 'config.json', { size: 12 }), lies],
    ['away.keras', lyingZip(good, 'config.json', { offset: 0x7fffffff }), away],
    ['beyond.keras', lyingZip(good, 'config.json', { packed: 0x7fffffff }), away],
    [
      'bomb.keras',
      bomb,
      '"config.json" in the archive is too large; found 73400320 bytes; expected at most 67108864 bytes',
    ],
    [
      'announced.keras',
      lyingZip(good, 'config.json', { size: 0xfffffff0 }),
      '"config.json" in the archive is too large; found 4294967280 bytes; expected at most 67108864 bytes',
    ],
    ['hidden-bomb.keras', lyingZip(bomb, 'config.json', { size: 1000 }), lies],
    [
      'path-trick.keras',
      zipSync({ '../config.json': bytes(HEALTHY), 'a/../config.json': bytes(HEALTHY) }),
      'A zip archive without config.json is no Keras model',
    ],
    [
      'config.keras',
      kerasZip({ 'config.json': bytes('{"class_name": ') }),
      /config\.json in the archive: The JSON ends too early, at line 1/,
    ],
    [
      'config-empty.keras',
      kerasZip({ 'config.json': bytes('') }),
      'config.json in the archive: It is empty; expected a JSON document',
    ],
    [
      'metadata.keras',
      kerasZip({ 'metadata.json': bytes('{"keras') }),
      /metadata\.json in the archive: The JSON ends too early/,
    ],
    [
      'other.keras',
      kerasZip({ 'config.json': bytes('{}') }),
      /config\.json in the archive: It holds no model/,
    ],
    ['empty.keras', '', 'The file is empty'],
    ['text.keras', 'hello', 'The file is no zip archive, so no .keras model; write or download it again'],
    [
      'other.zip',
      zipSync({ 'readme.txt': bytes('hi') }),
      'A zip archive without config.json is no Keras model',
    ],
    ['cut.h5', model.slice(0, 700), damaged],
    ['lying.h5', lying, damaged],
    [
      'noise.h5',
      Uint8Array.from({ length: 3000 }, (_, i) => (i < 8 ? (model[i] ?? 0) : (i * 97) % 256)),
      damaged,
    ],
    [
      'config.h5',
      await attributes({ model_config: '{"class_name": "Seq' }),
      /the attribute model_config: The JSON ends too early, at line 1, column 16/,
    ],
    [
      'training.h5',
      await attributes({ model_config: HEALTHY, training_config: '{"loss": ' }),
      /the attribute training_config: The JSON ends too early/,
    ],
    [
      'other.h5',
      await hdf5Bytes((file) => void file.create_group('images')),
      'An HDF5 file without a Keras model',
    ],
    ['empty.h5', '', 'The file is empty'],
    ['text.h5', 'hello', 'The file is no HDF5 file, so no .h5 model; write or download it again'],
    [
      'rows.npy',
      Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0),
      'The file is a NumPy array, no model; as rows of data it is given with --data',
    ],
    [
      'group1-shard1of2.bin',
      new Uint8Array(64),
      'The file holds weights of a TensorFlow.js model; inspect the model.json beside it',
    ],
    ['net.gguf', 'GGUF\u0003\0\0\0', /holds weights \(GGUF\) without initializers/],
    ['net.mlmodel', Uint8Array.of(8, 4, 18), /a Core ML model: its initializers are compiled away/],
  ];
}

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
