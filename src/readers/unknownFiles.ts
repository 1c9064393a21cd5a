import type { SourceFile } from '../model/reader.ts';

interface Unknown {
  readonly is: (file: SourceFile, path: string) => boolean;
  readonly says: string;
}

const startsWith = (file: SourceFile, text: string): boolean =>
  [...text].every((letter, i) => file.head[i] === letter.charCodeAt(0));

/** Files that hold no model, and what to name instead. Unlike the known but unreadable ones they are passed over in folders. */
const UNKNOWN: readonly Unknown[] = [
  { is: ({ size, text }) => (text === undefined ? size === 0 : text === ''), says: 'The file is empty.' },
  {
    is: (_file, path) => path.endsWith('.keras'),
    says: 'The file is no zip archive, so no .keras model; write or download it again.',
  },
  {
    is: (_file, path) => /\.(h5|hdf5)$/.test(path),
    says: 'The file is no HDF5 file, so no .h5 model; write or download it again.',
  },
  {
    is: (file) => startsWith(file, '\u0093NUMPY'),
    says: 'The file is a NumPy array, no model; as rows of data it is given with --data.',
  },
  {
    is: (_file, path) => /shard\d+of\d+(\.bin)?$|\.weights\.bin$/.test(path),
    says: 'The file holds weights of a TensorFlow.js model; inspect the model.json beside it.',
  },
  {
    is: (_file, path) => /(^|[/\\])(keras_metadata|fingerprint)\.pb$/.test(path),
    says: 'The file is a part of a TensorFlow SavedModel, whose initializers are compiled away; inspect the code that built it.',
  },
  {
    is: (file) => startsWith(file, 'GGUF'),
    says: 'The file holds weights (GGUF) without initializers; inspect the code that built the model.',
  },
  {
    is: (_file, path) => /\.(mlmodel|mlpackage)$/.test(path),
    says: 'The file is a Core ML model: its initializers are compiled away; inspect the model it was converted from.',
  },
];

/** What a file is that no format takes, in a sentence or two. */
export function describeUnknown(file: SourceFile): string {
  const path = file.path.toLowerCase();
  return (
    UNKNOWN.find((row) => row.is(file, path))?.says ??
    'The file is no model that Initscope knows: Keras or TensorFlow.js JSON, .keras, .h5, or JavaScript, TypeScript, HTML or Python that builds one.'
  );
}
