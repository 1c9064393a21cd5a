import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import picomatch from 'picomatch';
import type { Problem } from '../model/problem.ts';

/** A file to inspect; `named` ones were given by name, the others were found in a folder or by a glob. */
export interface CollectedFile {
  /** Relative to the working directory where it lies under it, else absolute; with `/`. */
  readonly path: string;
  readonly named: boolean;
}

const NEVER = new Set(['node_modules', '.git']);

interface Rules {
  readonly folder: string;
  readonly rules: Ignore;
}

async function gitignoreOf(folder: string): Promise<Rules[]> {
  try {
    return [{ folder, rules: ignore().add(await readFile(join(folder, '.gitignore'), 'utf8')) }];
  } catch {
    return [];
  }
}

/** The .gitignore files that hold in a folder, from the top of its repository down, without its own. */
async function rulesAbove(folder: string): Promise<Rules[]> {
  const above: string[] = [];
  for (let current = folder; !existsSync(join(current, '.git')); current = dirname(current)) {
    if (dirname(current) === current) return [];
    above.unshift(dirname(current));
  }
  return (await Promise.all(above.map(gitignoreOf))).flat();
}

function isIgnored(rules: readonly Rules[], path: string, isFolder: boolean): boolean {
  let ignored = false;
  for (const { folder, rules: own } of rules) {
    const name = relative(folder, path).replaceAll('\\', '/');
    if (name === '' || name.startsWith('..')) continue;
    const verdict = own.test(isFolder ? `${name}/` : name);
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored) ignored = false;
  }
  return ignored;
}

async function* walk(folder: string, outer: readonly Rules[]): AsyncGenerator<string> {
  const rules = [...outer, ...(await gitignoreOf(folder))];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (NEVER.has(entry.name) || isIgnored(rules, path, entry.isDirectory())) continue;
    if (entry.isDirectory()) yield* walk(path, rules);
    else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) yield path;
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** A path as reports name it: relative to `cwd` where it lies under it, else absolute; with `/`. */
export function shownPath(cwd: string, path: string): string {
  const full = resolve(cwd, path);
  const name = relative(cwd, full);
  const outside = name === '' || name === '..' || /^\.\.[\\/]/.test(name) || isAbsolute(name);
  return (outside ? full : name).replaceAll('\\', '/');
}

/**
 * Files, folders and globs as a sorted-by-folder, duplicate-free list of files. Folders honour node_modules, .git and
 * .gitignore; a name or a glob without a file is a problem.
 */
export async function collectFiles(
  cwd: string,
  names: readonly string[],
): Promise<{ files: CollectedFile[]; problems: Problem[] }> {
  const files = new Map<string, CollectedFile>();
  const problems: Problem[] = [];
  const add = (path: string, named: boolean) => {
    const shown = shownPath(cwd, path);
    if (!files.has(shown) || named) files.set(shown, { path: shown, named });
  };
  for (const name of names) {
    const full = resolve(cwd, name);
    const found = await stat(full).catch(() => undefined);
    if (found?.isDirectory()) {
      for await (const path of walk(full, await rulesAbove(full))) add(path, false);
    } else if (found !== undefined) add(full, true);
    else {
      const { base, isGlob } = picomatch.scan(name.replaceAll('\\', '/'));
      const start = resolve(cwd, base);
      const matches = picomatch(name.replaceAll('\\', '/').replace(/^\.\//, ''), { dot: true });
      const asNamed = (path: string) => (isAbsolute(name) ? path : relative(cwd, path)).replaceAll('\\', '/');
      let any = false;
      if (isGlob && existsSync(start))
        for await (const path of walk(start, await rulesAbove(start)))
          if (matches(asNamed(path))) {
            any = true;
            add(path, false);
          }
      if (!any)
        problems.push({
          file: name,
          severity: 'error',
          message: isGlob ? 'no file matches this pattern' : 'there is no such file or folder',
        });
    }
  }
  return { files: [...files.values()], problems };
}
