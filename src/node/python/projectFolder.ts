import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MARKS = ['.git', 'pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt'];
/** Folders looked at upwards: a file that belongs to no project near it stands alone. */
const LEVELS = 5;

/** The folder of the project a Python file belongs to (where its call sites and modules are looked for), else the file's own. */
export function projectFolder(file: string): string {
  let folder = dirname(file);
  for (let level = 0; level < LEVELS && dirname(folder) !== folder; level++) {
    const here = folder;
    if (MARKS.some((name) => existsSync(join(here, name)))) return here;
    folder = dirname(folder);
  }
  return dirname(file);
}
