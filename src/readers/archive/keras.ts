import type { EditResult } from '../../model/change.ts';
import type { JsonNode } from '../json/node.ts';
import type { Files, Hdf5File } from '../../model/measurer.ts';
import { InputError } from '../../model/problem.ts';
import type { FormatReader, ReadOptions, ReadResult, SourceFile } from '../../model/reader.ts';
import { elements, member, parseJson, textOf } from '../json/parse.ts';
import { readDocument, type ArchiveFacts } from '../json/read.ts';
import { inside } from '../inside.ts';
import { archiveLookup, MAX_WEIGHTS, WEIGHTS_ENTRY, type NamedLayer } from './savedWeights.ts';
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
  return JSON.stringify(parseJson(text).plain(), null, 2);
}

async function kerasVersion(
  path: string,
  entries: readonly ZipEntry[],
  files: Files,
): Promise<string | undefined> {
  const entry = entries.find(({ name }) => name === 'metadata.json');
  if (entry === undefined) return undefined;
  const content = await readEntry(path, entry, 2 ** 20, files);
  return inside('metadata.json in the archive', content, (text) =>
    textOf(member(parseJson(text), 'keras_version')),
  );
}

/** Layers of a config, nested models with theirs; operations are no layers and have no group. */
function namedLayers(config: JsonNode | undefined): readonly NamedLayer[] {
  return elements(member(config, 'layers')).flatMap((layer) => {
    const own = member(layer, 'config');
    const className = textOf(member(layer, 'class_name')) ?? '';
    const name = textOf(member(layer, 'name')) ?? textOf(member(own, 'name')) ?? '';
    if (/\bops\b/.test(textOf(member(layer, 'module')) ?? '')) return [];
    const wrapped = className === 'TimeDistributed' ? member(own, 'layer', 'config') : undefined;
    const held = member(wrapped, 'layers') === undefined ? own : wrapped;
    const inner = member(held, 'layers') === undefined ? {} : { layers: namedLayers(held) };
    return [{ name, className, ...inner, ...(held === own ? {} : { below: 'layer' }) }];
  });
}

/** The finder of saved weights, with the weights inflated once for their outline; undefined where nothing can open them. */
async function lookupIn(
  path: string,
  text: string,
  entries: readonly ZipEntry[],
  files: Files,
): Promise<ArchiveFacts['saved']> {
  const entry = entries.find(({ name }) => name === WEIGHTS_ENTRY);
  if (entry === undefined || files.openHdf5Bytes === undefined) return undefined;
  const content = await readEntry(path, entry, MAX_WEIGHTS, files);
  let hdf5: Hdf5File | undefined;
  try {
    hdf5 = await files.openHdf5Bytes(content);
    return archiveLookup(hdf5, path, namedLayers(member(parseJson(text), 'config')));
  } catch (error) {
    if (error instanceof InputError) throw new InputError({ ...error.problem, file: path });
    throw error;
  } finally {
    hdf5?.close();
  }
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
  const content = await readEntry(file.path, config, MAX_CONFIG, files);
  const text = inside('config.json in the archive', content, virtualConfig);
  const version = await kerasVersion(file.path, entries, files);
  const saved = options.savedWeights === true ? await lookupIn(file.path, text, entries, files) : undefined;
  const result = await readDocument(text, file, files, options, {
    format: 'keras-archive',
    savedWeights: entries.some(({ name }) => name === WEIGHTS_ENTRY),
    ...(saved === undefined ? {} : { saved }),
    ...(version === undefined ? {} : { version }),
  });
  if (result.notAModel !== undefined)
    return { ...result, notAModel: `config.json in the archive: ${result.notAModel}` };
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
        'The model lies in an archive: Apply Suggested Initializers or initscope fix --write rewrite its config.json; or copy the snippet into the code that builds it.',
    },
  }),
};
