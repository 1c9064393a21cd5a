import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../model/problem.ts';
import { MAX_WEIGHTS } from '../readers/archive/savedWeights.ts';
import { readEntry, zipDirectory } from '../readers/archive/zip.ts';
import { nodeFiles } from './files.ts';

/** Writes bytes to a temporary file for libraries that only open paths; whoever asked takes it away. */
export async function temporaryFile(bytes: Uint8Array): Promise<{ path: string; remove(): Promise<void> }> {
  const path = join(tmpdir(), `initscope-${randomBytes(8).toString('hex')}.h5`);
  await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
  return { path, remove: () => rm(path, { force: true }) };
}

/** An entry of an archive, inflated into a temporary file. Sizes are checked first; rejects with an InputError. */
export async function inflatedEntry(
  archive: string,
  name: string,
): Promise<{ path: string; remove(): Promise<void> }> {
  const { entries } = await zipDirectory(archive, await nodeFiles.size(archive), nodeFiles);
  const entry = entries.find((each) => each.name === name);
  if (entry === undefined)
    throw new InputError({ file: archive, message: `The archive has no ${name} any more.` });
  return temporaryFile(await readEntry(archive, entry, MAX_WEIGHTS, nodeFiles));
}
