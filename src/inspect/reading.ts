import { lineStartsOf } from '../model/linePosition.ts';
import type { Files } from '../model/measurer.ts';
import type { Origin } from '../model/origin.ts';
import { InputError } from '../model/problem.ts';
import type { Problem } from '../model/problem.ts';
import type { PythonHost } from '../model/pythonHost.ts';
import type { SourceHost } from '../model/sourceHost.ts';
import type { ReadOptions, ReadResult, SourceFile } from '../model/reader.ts';
import type { LayerSpec, ModelSpec } from '../model/spec.ts';
import { readModels } from '../readers/formats.ts';
import { decodeText } from '../readers/text.ts';
import type { InspectRequest } from './request.ts';

const HEAD = 4096;

/** What reading a file gave, with bad input already turned into problems. */
export interface Reading extends ReadResult {
  readonly file: SourceFile | undefined;
}

/** A thrown InputError as the problem of a file. */
export function problemOf(error: InputError, file: string): Problem {
  return { severity: 'error', ...error.problem, file: error.problem.file ?? file };
}

async function sourceFile({ path, text }: InspectRequest, files: Files): Promise<SourceFile> {
  if (text !== undefined) {
    const head = new TextEncoder().encode(text.slice(0, HEAD)).subarray(0, HEAD);
    return { path, size: Math.max(text.length, head.length), head, text };
  }
  const size = await files.size(path);
  return { path, size, head: await files.read(path, 0, Math.min(HEAD, size)) };
}

const optionsOf = ({ options, model, start }: InspectRequest): ReadOptions => ({
  ...options,
  ...(model === undefined ? {} : { model }),
  ...(start === 'saved' || start === 'both' ? { savedWeights: true } : {}),
});

/** Reads a file into specs; every fault of the file is in `problems`. */
export async function readRequest(
  request: InspectRequest,
  files: Files,
  python?: PythonHost,
  sources?: SourceHost,
): Promise<Reading> {
  let file: SourceFile | undefined;
  try {
    file = await sourceFile(request, files);
    return { ...(await readModels(file, files, optionsOf(request), python, sources)), file };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { models: [], problems: [problemOf(error, request.path)], file };
  }
}

/** The text that the origins of a file refer to: the open document, the shown config of an archive, or the file decoded. */
export async function originText(
  request: InspectRequest,
  reading: Reading,
  files: Files,
  path: string,
): Promise<string | undefined> {
  if (path === request.path && request.text !== undefined) return request.text;
  if (path === request.path && reading.virtualText !== undefined) return reading.virtualText;
  try {
    return decodeText(await files.read(path));
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function layerOrigins({ origins, inner }: LayerSpec): readonly Origin[] {
  return inner === undefined ? origins : [...origins, ...inner.flatMap(layerOrigins)];
}

function mentioned(models: readonly ModelSpec[], problems: readonly Problem[]): Set<string> {
  const files = new Set<string>();
  for (const { origin, layers, problems: own } of models) {
    files.add(origin.file);
    for (const layer of layers) for (const { file } of layerOrigins(layer)) files.add(file);
    for (const { file } of own) files.add(file);
  }
  for (const { file, range } of problems) if (range !== undefined) files.add(file);
  return files;
}

/** Line starts of every file that the specs and problems point into. */
export async function lineStartsFor(
  request: InspectRequest,
  reading: Reading,
  files: Files,
): Promise<Record<string, readonly number[]>> {
  const entries: [string, readonly number[]][] = [];
  for (const path of mentioned(reading.models, reading.problems)) {
    const text = await originText(request, reading, files, path);
    if (text !== undefined) entries.push([path, lineStartsOf(text)]);
  }
  return Object.fromEntries(entries);
}
