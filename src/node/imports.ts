import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** What marks the top of a project, best first; within a package of a repository, the repository. */
const MARKS = ['.git', 'initscope.json', 'package.json'];
const MOST_LEVELS = 12;

/** The project a file lies in: the nearest folder with a mark, else the file's own folder. */
export function projectFolder(file: string): string {
  const own = dirname(resolve(file));
  for (const mark of MARKS) {
    let folder = own;
    for (let level = 0; level < MOST_LEVELS; level += 1) {
      if (existsSync(join(folder, mark))) return folder;
      const up = dirname(folder);
      if (up === folder) break;
      folder = up;
    }
  }
  return own;
}

/** Whether a path is a folder or lies in it, by their text; links are not followed. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * The file that a source imports by a relative name, or by `@/…` from the project's top or its `src`; undefined when there is none or
 * when it lies, links followed, outside the project or in `node_modules`.
 */
export async function importedFile(base: string, name: string): Promise<string | undefined> {
  const own = dirname(resolve(base));
  const near = /^[@~]\//.test(name) ? undefined : resolve(own, name);
  // Most names are guesses. A place outside the file's own folder may be outside the project, where nothing is looked at.
  if (near !== undefined && isInside(own, near) && !existsSync(near)) return undefined;
  const project = projectFolder(base);
  const places =
    near === undefined ? [join(project, 'src', name.slice(2)), join(project, name.slice(2))] : [near];
  for (const path of places) {
    if (!isInside(project, path) || path.includes(`${sep}node_modules${sep}`)) continue;
    try {
      if (isInside(await realpath(project), await realpath(path))) return path;
    } catch {
      continue;
    }
  }
  return undefined;
}
