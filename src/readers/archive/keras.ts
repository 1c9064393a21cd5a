import type { EditResult } from '../../model/change.ts';
import type { Files } from '../../model/measurer.ts';
import { InputError } from '../../model/problem.ts';
import type { FormatReader, ReadOptions, ReadResult, SourceFile } from '../../model/reader.ts';
import { member, parseJson, textOf, valueOf } from '../json/parse.ts';
import { readDocument } from '../json/read.ts';
import { decodeText } from '../text.ts';
import { readEntry, zipDirectory, type ZipEntry } from './zip.ts';

/** The largest config that is read out of an archive. */
export const MAX_CONFIG = 64 * 2 ** 20;

/** The one entry named exactly config.json; other paths to it are none. Throws an InputError when there are two. */
export function configEntry(entries: readonly ZipEntry[]): ZipEntry | undefined {
  const found = entries.filter(({ name }) => name === 'config.json');
  if (found.length > 1)
    throw new InputError({
      message: 'The archive has config.json twice.',
      found: `${found.length} entries`,
      expected: 'one',
    });
  return found[0];
}

/** The formatted text that stands for an archive's config: what origins refer to. */
export function virtualConfig(text: string): string {
  return JSON.stringify(valueOf(parseJson(text)), null, 2);
}

async function kerasVersion(
  path: string,
  entries: readonly ZipEntry[],
  files: Files,
): Promise<string | undefined> {
  const entry = entries.find(({ name }) => name === 'metadata.json');
  if (entry === undefined) return undefined;
  const text = decodeText(await readEntry(path, entry, 2 ** 20, files));
  return textOf(member(parseJson(text), 'keras_version'));
}

/** What a zip that is no Keras archive looks like; undefined for one that looks like nothing known. */
function otherZip(entries: readonly ZipEntry[]): ReadResult {
  const names = entries.map(({ name }) => name);
  if (names.some((name) => name.endsWith('data.pkl')))
    return {
      models: [],
      problems: [],
      skipped:
        'a PyTorch checkpoint (pickled, never opened here): its module is Python code; inspect the .py file that defines it',
    };
  if (names.some((name) => name.endsWith('.npy')))
    return { models: [], problems: [], notAModel: 'NumPy arrays, no model.' };
  return { models: [], problems: [], notAModel: 'A zip archive without config.json is no Keras model.' };
}

async function read(file: SourceFile, files: Files, options: ReadOptions): Promise<ReadResult> {
  const { entries } = await zipDirectory(file.path, file.size, files);
  const config = configEntry(entries);
  if (config === undefined) return otherZip(entries);
  const text = virtualConfig(decodeText(await readEntry(file.path, config, MAX_CONFIG, files)));
  const version = await kerasVersion(file.path, entries, files);
  const result = await readDocument(text, file, files, options, {
    format: 'keras-archive',
    savedWeights: entries.some(({ name }) => name === 'model.weights.h5'),
    ...(version === undefined ? {} : { version }),
  });
  return { ...result, virtualText: text };
}

/** Keras 3's `.keras`: a zip with config.json, metadata.json and model.weights.h5. */
export const kerasArchive: FormatReader = {
  id: 'keras-archive',
  detect: (file) =>
    file.head[0] === 0x50 && file.head[1] === 0x4b && (file.head[2] === 3 || file.head[2] === 5),
  read,
  edit: (_text, spec): EditResult => ({
    ok: false,
    refusal: {
      place: spec.file,
      reason:
        'The model lies in an archive: initscope fix --write rewrites its config.json; in an editor, copy the snippet into the code that builds it.',
    },
  }),
};
