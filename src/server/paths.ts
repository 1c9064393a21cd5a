import { fileURLToPath } from 'node:url';

/** The path by which a reader knows a document: the file's, or the name of an untitled one. */
export function pathOf(uri: string): string {
  if (uri.startsWith('file:')) {
    try {
      return fileURLToPath(uri);
    } catch {
      return uri;
    }
  }
  const path = uri.slice(uri.indexOf(':') + 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Text of a file's bytes as editors decode it: UTF-8 or UTF-16 by its mark, the mark left out. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}
