import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from './cacheFolder.ts';

/**
 * Loads a bundle beside this one with V8's compiled code kept in the user's own cache folder (never in a shared one: compiled code is trusted), so that the
 * next start need not parse it. Without such a folder, or in a Node without this cache, it is only loaded.
 */
export function loadCompiled(file: string): void {
  (enableCompileCache as typeof enableCompileCache | undefined)?.(join(cacheFolder(), 'code'));
  createRequire(import.meta.url)(`./${file}`);
}
