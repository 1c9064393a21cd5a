import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** An interpreter and why it is the one. */
interface Interpreter {
  readonly path: string;
  readonly from: string;
}

const inside = (environment: string): string =>
  process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');

/** The nearest `.venv` or `venv` upwards from a folder. */
function nearest(folder: string): Interpreter | undefined {
  for (let current = resolve(folder); ; current = dirname(current)) {
    for (const name of ['.venv', 'venv']) {
      const path = inside(join(current, name));
      if (existsSync(path)) return { path, from: join(current, name) };
    }
    if (dirname(current) === current) return undefined;
  }
}

/**
 * The interpreter for a file: the one asked for, the active environment's (VIRTUAL_ENV, CONDA_PREFIX), the nearest `.venv` upwards
 * from the file, else the one on the PATH.
 */
export function findInterpreter(
  file: string,
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Interpreter {
  if (asked !== undefined) return { path: asked, from: 'as asked' };
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const folder = env[name];
    if (folder !== undefined && existsSync(inside(folder))) return { path: inside(folder), from: name };
  }
  return (
    nearest(dirname(file)) ?? {
      path: process.platform === 'win32' ? 'python' : 'python3',
      from: 'the PATH',
    }
  );
}
