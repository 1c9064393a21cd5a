import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';

const PACKAGE = '@tensorflow/tfjs-node';

/** tfjs-node 4.22 calls what Node 23 dropped. */
function restoreUtil(): void {
  const old = util as unknown as Record<string, unknown>;
  old['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  old['isArray'] ??= Array.isArray;
}

/** The folders' first installed tfjs-node, as a loader of it; undefined when none has one. */
function findNative(folders: readonly string[]): (() => { version?: { 'tfjs-node'?: string } }) | undefined {
  for (const folder of folders) {
    const load = createRequire(join(folder, 'package.json'));
    try {
      const path = load.resolve(PACKAGE);
      return () => load(path) as { version?: { 'tfjs-node'?: string } };
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Whether one of the folders has the native backend installed (it may still fail to load). */
export function hasNativeBackend(folders: readonly string[]): boolean {
  return findNative(folders) !== undefined;
}

/**
 * Loads @tensorflow/tfjs-node, which registers the backend `tensorflow`. Its threads are capped, its log and banner kept quiet. Rejects with one
 * line when it is not installed or does not load.
 */
export async function loadTensorflow(
  folders: readonly string[],
  threads: number,
): Promise<{ readonly version: string }> {
  const load = findNative(folders);
  if (load === undefined)
    throw new Error(
      `The tensorflow backend needs ${PACKAGE}: run npm install ${PACKAGE}, or use --backend wasm.`,
    );
  restoreUtil();
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threads);
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1';
  try {
    return { version: load().version?.['tfjs-node'] ?? 'unknown' };
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new Error(`${PACKAGE} is installed but does not load (${reason}); use --backend wasm.`, {
      cause: error,
    });
  }
}
