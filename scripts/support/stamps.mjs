import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository, without a trailing slash. */
export const root =
  process.env.INITSCOPE_ROOT ?? fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Whether a module (by its `import.meta.url`) is the script that Node was started with. */
export function isEntry(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(url));
}

const stampFile = join(root, 'dist', '.stamp');
const sources = ['src', 'webview', 'media', 'esbuild.mjs', 'package.json', 'package-lock.json'];

function* filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full)) return;
  let entries;
  try {
    entries = readdirSync(full, { withFileTypes: true });
  } catch {
    yield path;
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) yield* filesBelow(`${path}/${entry.name}`);
}

/** A hash over names and contents of everything the bundles are made of. */
export function sourceStamp() {
  const hash = createHash('sha256');
  for (const source of sources)
    for (const file of filesBelow(source)) {
      hash.update(`${file}\0`);
      hash.update(readFileSync(join(root, file)));
    }
  return hash.digest('hex');
}

/** Records what the present `dist` was built from. */
export function writeBuildStamp() {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, sourceStamp());
}

/** Whether `dist` was built from the present sources. */
export function buildIsCurrent() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourceStamp();
}

/** Whether `node_modules` holds what the lock file asks for, whoever installed it. */
export function installIsCurrent() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile) || !existsSync(node24())) return false;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(locked).every(
    ([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version,
  );
}

/** Path of the Node 24 that the package `node` brought. */
export function node24() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}
