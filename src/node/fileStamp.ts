import { stat } from 'node:fs/promises';

/** What differs once somebody writes or replaces the file; empty when there is none. */
export async function fileStamp(path: string): Promise<string> {
  try {
    const { dev, ino, mtimeNs, size } = await stat(path, { bigint: true });
    return [dev, ino, mtimeNs, size].join(':');
  } catch {
    return '';
  }
}
