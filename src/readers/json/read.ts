import { buildSpec } from '../../model/buildSpec.ts';
import { contentHashAside } from '../../model/hash.ts';
import type { Files } from '../../model/measurer.ts';
import { InputError } from '../../model/problem.ts';
import type { ReadOptions, ReadResult, SourceFile } from '../../model/reader.ts';
import type { RawModel } from '../../model/rawModel.ts';
import type { ModelSpec } from '../../model/spec.ts';
import { withKeptShapes } from '../keptShapes.ts';
import { savedLookup } from '../savedNames.ts';
import { decodeText, withoutMark } from '../text.ts';
import { type SavedLookup, withSaved } from '../withSaved.ts';
import { documentOf, originOf, versionSemantics } from './document.ts';
import { manifestWeights } from './manifest.ts';
import { modelOf } from './model.ts';
import { parseJson } from './parse.ts';
import { refusedByTfjs } from './refusedByTfjs.ts';

const MAX_BYTES = 256 * 2 ** 20;
const LIKE_A_MODEL = /"(modelTopology|class_name|model_config|weightsManifest|keras_version)"\s*:/;

/** What an archive knows besides its config's text. */
export interface ArchiveFacts {
  readonly format: string;
  readonly savedWeights: boolean;
  readonly version?: string;
  readonly saved?: SavedLookup;
}

/** The document's text, decoded; an open document's own text counts before the file's. */
async function textOfFile(file: SourceFile, files: Files): Promise<string> {
  if (file.text !== undefined) return withoutMark(file.text);
  if (file.size > MAX_BYTES)
    throw new InputError({
      message: 'The JSON file is too large.',
      found: `${Math.round(file.size / 2 ** 20)} MiB`,
      expected: `at most ${MAX_BYTES / 2 ** 20} MiB`,
    });
  return decodeText(await files.read(file.path));
}

/** Reads the model in a JSON text; with `archive` the text is the formatted stand-in for the config inside it. */
export async function readDocument(
  text: string,
  file: SourceFile,
  files: Files,
  options: ReadOptions,
  archive?: ArchiveFacts,
): Promise<ReadResult> {
  const hashing = contentHashAside(text);
  const document = documentOf(parseJson(text));
  if (document.kind === 'skipped') return { models: [], problems: [], skipped: document.reason };
  if (document.kind === 'none') return { models: [], problems: [], notAModel: document.reason };
  const manifest =
    document.manifest === undefined || archive !== undefined
      ? undefined
      : await manifestWeights(document.manifest, file.path, files);
  const saved = archive?.saved ?? (manifest === undefined ? undefined : savedLookup(manifest.byName));
  const { framework, semantics } =
    archive?.version === undefined ? document : versionSemantics(archive.version, 'metadata.json');
  const raw = modelOf({ file: file.path, virtual: archive !== undefined }, document.model);
  const refused =
    archive === undefined && document.format === 'tfjs-json' ? refusedByTfjs(document.model, file.path) : [];
  const contentHash = await hashing;
  const build = (read: RawModel): ModelSpec =>
    buildSpec(
      { ...read, problems: [...read.problems, ...(manifest?.problems ?? []), ...refused] },
      {
        file: file.path,
        format: archive?.format ?? document.format,
        framework,
        semantics:
          options.semantics === undefined ? semantics : { value: options.semantics, from: 'the option' },
        contentHash,
        options,
        ...(document.loss === undefined
          ? {}
          : { loss: { written: document.loss.plain(), origin: originOf(file.path, document.loss) } }),
        savedWeights: archive?.savedWeights ?? (manifest?.byName.size ?? 0) > 0,
      },
    );
  if (saved === undefined) return { models: [build(raw)], problems: [] };
  return { models: [withKeptShapes(raw, build, saved) ?? withSaved(build(raw), saved)], problems: [] };
}

/**
 * Reads a Keras or TF.js JSON file. JSON that is no model gives `notAModel`; broken JSON that looks like a model gives an
 * error, other broken JSON both, so that a folder can pass over it in silence.
 */
export async function readJson(file: SourceFile, files: Files, options: ReadOptions): Promise<ReadResult> {
  let text = '';
  try {
    text = await textOfFile(file, files);
    return await readDocument(text, file, files, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const problem = { ...error.problem, file: error.problem.file ?? file.path, severity: 'error' } as const;
    const silent = text !== '' && !LIKE_A_MODEL.test(text);
    return { models: [], problems: [problem], ...(silent ? { notAModel: problem.message } : {}) };
  }
}
