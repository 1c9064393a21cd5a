import { mkdirSync, openSync, closeSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire, enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { threadId } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { cacheFolder } from './cacheFolder.ts';

/** Starts in a row that had nothing to add, after which none looks again: a look takes some hundredths of a second. */
const SETTLED = 4;

/** What stands before the code in a kept file: checksums of the source and of the code, starts that had nothing to add. */
const HEADER = { source: 0, code: 4, looks: 8, bytes: 16 } as const;

interface Kept {
  readonly code: Buffer;
  readonly looks: number;
}

function readKept(file: string, source: number): Kept | undefined {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(HEADER.bytes);
    const whole =
      bytes.readUInt32LE(HEADER.source) === source && bytes.readUInt32LE(HEADER.code) === crc32(code);
    return whole ? { code, looks: bytes.readUInt32LE(HEADER.looks) } : undefined;
  } catch {
    return undefined;
  }
}

function writeKept(file: string, source: number, code: Buffer): void {
  const header = Buffer.alloc(HEADER.bytes);
  header.writeUInt32LE(source, HEADER.source);
  header.writeUInt32LE(crc32(code), HEADER.code);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.${process.pid}.${threadId}`;
  writeFileSync(part, Buffer.concat([header, code]), { mode: 0o600 });
  renameSync(part, file);
}

function countLook(file: string, looks: number): void {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(looks);
  const open = openSync(file, 'r+');
  writeSync(open, count, 0, count.length, HEADER.looks);
  closeSync(open);
}

/**
 * Loads a CommonJS bundle with the code that V8 compiled for it in earlier starts, kept in the user's own cache folder (never in a shared one: compiled code is
 * trusted), and returns what keeps it. Node's cache keeps what is compiled as a file loads; called late, this one keeps every function that has run, a tenth of a
 * short command's time. What a start adds is kept until four in a row add nothing. Never throws for want of a folder; the bundle's own errors pass.
 */
export function loadCompiled(path: string, folder: string = join(cacheFolder(), 'compiled')): () => void {
  const bytes = readFileSync(path);
  const source = crc32(bytes);
  const file = join(folder, `${crc32(path).toString(16)}-${cachedDataVersionTag().toString(16)}`);
  const kept = readKept(file, source);
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${bytes.toString()}\n})`,
    {
      filename: path,
      ...(kept === undefined ? {} : { cachedData: kept.code }),
    },
  );
  const body = script.runInThisContext() as (...given: unknown[]) => void;
  const module = { exports: {} };
  body.call(module.exports, module.exports, createRequire(path), module, path, dirname(path));
  const known =
    kept === undefined || script.cachedDataRejected === true
      ? undefined
      : { bytes: kept.code.length, looks: kept.looks };
  return () => {
    if (known !== undefined && known.looks >= SETTLED) return;
    try {
      const code = script.createCachedData();
      if (known === undefined || code.length > known.bytes) writeKept(file, source, code);
      else countLook(file, known.looks + 1);
    } catch {
      // Without a folder to write to the next start compiles again.
    }
  };
}

/** Loads a bundle beside this one as `loadCompiled` does, and what it requires with Node's cache, where this Node has both. */
export function loadBeside(name: string): () => void {
  const path = join(dirname(fileURLToPath(import.meta.url)), name);
  (enableCompileCache as typeof enableCompileCache | undefined)?.(join(cacheFolder(), 'code'));
  if ((crc32 as typeof crc32 | undefined) !== undefined) return loadCompiled(path);
  createRequire(path)(path);
  return () => undefined;
}
