import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Report } from '../model/report.ts';
import { cacheFolder } from './cacheFolder.ts';

/** Bytes of reports that are kept; the least recently used go first. */
const LIMIT = 200 * 2 ** 20;

/** Reports by key, on disk. A broken or missing entry is a miss; nothing here ever throws. */
interface DiskCache {
  get(key: string): Promise<Report | undefined>;
  set(key: string, report: Report): Promise<void>;
}

async function trim(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.report'));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path);
      return { path, size, mtimeMs };
    }),
  );
  files.sort((a, b) => b.mtimeMs - a.mtimeMs);
  let total = 0;
  for (const { path, size } of files) {
    total += size;
    if (total > LIMIT) await rm(path, { force: true });
  }
}

/** A cache below the user's cache folder (or `folder`); entries carry our version, another version's are misses. */
export function createDiskCache(version: string, folder: string = cacheFolder()): DiskCache {
  const pathOf = (key: string) => join(folder, `${key}.report`);
  return {
    get: async (key) => {
      try {
        const path = pathOf(key);
        const entry = deserialize(gunzipSync(await readFile(path))) as { version: string; report: Report };
        if (entry.version !== version) return undefined;
        const now = new Date();
        await utimes(path, now, now).catch(() => undefined);
        return entry.report;
      } catch {
        return undefined;
      }
    },
    set: async (key, report) => {
      try {
        await mkdir(folder, { recursive: true });
        const temporary = join(folder, `${key}.${randomBytes(6).toString('hex')}.tmp`);
        await writeFile(temporary, gzipSync(serialize({ version, report }), { level: 1 }));
        await rename(temporary, pathOf(key));
        await trim(folder);
      } catch {
        // A full or read-only disk costs time, not correctness.
      }
    },
  };
}
