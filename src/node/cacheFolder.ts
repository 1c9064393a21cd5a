import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Our folder among the user's caches. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const home = homedir();
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? tmpdir(), 'initscope', 'cache');
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'initscope');
  return join(XDG_CACHE_HOME || join(home || tmpdir(), '.cache'), 'initscope');
}
