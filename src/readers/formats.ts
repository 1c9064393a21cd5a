import type { ModelChange, EditResult } from '../model/change.ts';
import type { Files } from '../model/measurer.ts';
import { InputError } from '../model/problem.ts';
import type { FormatReader, ReadOptions, ReadResult, SourceFile } from '../model/reader.ts';
import type { ModelSpec } from '../model/spec.ts';
import { kerasArchive } from './archive/keras.ts';
import { hdf5Format } from './hdf5.ts';
import { editJson } from './json/edit.ts';
import { readJson } from './json/read.ts';
import type { PythonHost } from '../model/pythonHost.ts';
import type { SourceHost } from '../model/sourceHost.ts';
import { editPython } from './python/edit.ts';
import { isPython, readPython } from './python/read.ts';
import { readTfjsSource, tfjsSource } from './source/tfjsSource.ts';
import { decodeHead, looksLikeText, withoutMark } from './text.ts';
import { describeUnknown } from './unknownFiles.ts';
import { wrongFiles } from './wrongFiles.ts';

const startOf = (file: SourceFile): string =>
  withoutMark(file.text === undefined ? decodeHead(file.head) : file.text.slice(0, 4096)).trimStart();
const TFJS = /"(modelTopology|weightsManifest|weightSpecs)"\s*:/;
const isJsonName = (path: string): boolean => path.toLowerCase().endsWith('.json');

const tfjsJson: FormatReader = {
  id: 'tfjs-json',
  detect: (file) => startOf(file).startsWith('{') && TFJS.test(startOf(file)),
  read: readJson,
  edit: editJson,
};

const kerasJson: FormatReader = {
  id: 'keras-json',
  detect: (file) => {
    const start = startOf(file);
    if (isJsonName(file.path)) return /^[{[]/.test(start) || start.length < 4096;
    return /^[{[]/.test(start) && looksLikeText(start);
  },
  read: readJson,
  edit: editJson,
};

const pythonSource: FormatReader = {
  id: 'python',
  detect: isPython,
  read: readPython,
  edit: editPython,
};

/** Every format we read, in the order in which they are asked. */
const FORMATS: readonly FormatReader[] = [
  wrongFiles,
  kerasArchive,
  hdf5Format,
  pythonSource,
  tfjsSource,
  tfjsJson,
  kerasJson,
];

/**
 * Reads the models of a file, whatever it is. Never rejects for a file's fault: broken ones give problems, known but unreadable
 * ones `skipped`, everything else `notAModel`.
 */
export async function readModels(
  file: SourceFile,
  files: Files,
  options: ReadOptions,
  python?: PythonHost,
  sources?: SourceHost,
): Promise<ReadResult> {
  const format = FORMATS.find((row) => row.detect(file));
  if (format === undefined) return { models: [], problems: [], notAModel: describeUnknown(file) };
  try {
    if (format === pythonSource) return await readPython(file, files, options, python);
    if (format === tfjsSource) return await readTfjsSource(file, files, options, sources);
    return await format.read(file, files, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {
      models: [],
      problems: [{ ...error.problem, file: error.problem.file ?? file.path, severity: 'error' }],
    };
  }
}

/** Changes as edits of the text that the spec was read from; formats that cannot be edited say why. */
export function editModels(text: string, spec: ModelSpec, changes: readonly ModelChange[]): EditResult {
  const format = FORMATS.find((row) => row.id === spec.format);
  if (format === undefined)
    return {
      ok: false,
      refusal: { place: spec.file, reason: `A file of the format ${spec.format} is not edited.` },
    };
  return format.edit(text, spec, changes);
}
