import type { Files } from '../../src/model/measurer.ts';

/** Files that exist only in a test: absolute path → text. */
export function projectFiles(texts: Readonly<Record<string, string>>): Files {
  const bytes = (path: string): Uint8Array => new TextEncoder().encode(texts[path] ?? '');
  return {
    size: (path) => Promise.resolve(bytes(path).length),
    read: (path, start, end) => Promise.resolve(bytes(path).subarray(start, end)),
    exists: (path) => Promise.resolve(Object.hasOwn(texts, path)),
    beside: (base, name) => {
      const path = new URL(name, `file://${base}`).pathname;
      return path.startsWith('/project/') ? path : undefined;
    },
  };
}
