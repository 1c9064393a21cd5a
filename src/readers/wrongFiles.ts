import type { FormatReader, SourceFile } from '../model/reader.ts';
import { decodeHead } from './text.ts';

interface WrongFile {
  readonly is: (file: SourceFile, path: string, text: () => string) => boolean;
  readonly reason: string;
}

const toKeras = 'tf.keras.models.load_model("FOLDER").save("model.keras")';
const toJson = 'open("model.json", "w").write(model.to_json())';
const magic = (file: SourceFile, at: number, text: string): boolean =>
  [...text].every((letter, i) => file.head[at + i] === letter.charCodeAt(0));

const isPickle = (file: SourceFile): boolean => file.head[0] === 0x80 && (file.head[1] ?? 9) <= 5;

/** Files that people plausibly name, what they are, and the one line that exports something readable. */
const WRONG: readonly WrongFile[] = [
  {
    is: (file) => magic(file, 0, 'version https://git-lfs.github.com/'),
    reason: 'a pointer of Git LFS, not the file itself: bring it with: git lfs pull',
  },
  {
    is: (file, path, text) =>
      /\.(h5|hdf5|keras|json)$/.test(path) && isPickle(file) && text().includes('keras'),
    reason:
      'a pickled Keras model (never opened here), whatever its name: save it as Keras: model.save("model.keras")',
  },
  {
    is: (_file, path) => /(^|[/\\])saved_model\.pb$/.test(path),
    reason: `a TensorFlow SavedModel: its initializers are compiled away; save it as Keras: ${toKeras}`,
  },
  {
    is: (_file, path) => /\.pb(txt)?$/.test(path) && !/(keras_metadata|fingerprint)\.pb$/.test(path),
    reason: `a TensorFlow graph: its initializers are compiled away; inspect the Keras model behind it: ${toJson}`,
  },
  {
    is: (file) => magic(file, 4, 'TFL3'),
    reason: `a TensorFlow Lite model: its initializers are compiled away; inspect the Keras model it was converted from: ${toJson}`,
  },
  {
    is: (file, path, text) =>
      path.endsWith('.onnx') || (file.head[0] === 8 && /onnx/.test(text().slice(0, 256))),
    reason:
      'an ONNX model: it holds weights, not initializers; inspect the PyTorch or Keras source it was exported from',
  },
  {
    is: (file, path) => /\.(pt|pth|ckpt|bin|pkl)$/.test(path) && isPickle(file),
    reason:
      'a pickled PyTorch file (never opened here): its module is Python code; inspect the .py file that defines it',
  },
  {
    is: (file, path) => path.endsWith('.safetensors') && file.head[8] === 0x7b,
    reason: 'a safetensors file with weights only: inspect the source that defines the model',
  },
  {
    is: (_file, path, text) =>
      /\.(ya?ml)$/.test(path) &&
      /^(backend|class_name|keras_version):/m.test(text()) &&
      /class_name:/.test(text()),
    reason: `Keras YAML, which Keras itself no longer reads: write JSON instead: ${toJson}`,
  },
];

const found = (file: SourceFile): WrongFile | undefined => {
  const path = file.path.toLowerCase();
  let text: string | undefined;
  return WRONG.find((row) => row.is(file, path, () => (text ??= file.text ?? decodeHead(file.head))));
};

/** Known kinds that hold no initializers we could read: one line each, never an error. */
export const wrongFiles: FormatReader = {
  id: 'known-unreadable',
  detect: (file) => found(file) !== undefined,
  read: (file) => Promise.resolve({ models: [], problems: [], skipped: found(file)?.reason ?? 'unknown' }),
  edit: (_text, spec) => ({ ok: false, refusal: { place: spec.file, reason: 'This file is not edited.' } }),
};
