import { join } from 'node:path';

/** The folder of the repository; the runner's bundler puts it in, wherever the bundle lies. */
export const root: string = process.env.INITSCOPE_ROOT ?? process.cwd();

/** An absolute path below the repository. */
export function inRepo(...parts: string[]): string {
  return join(root, ...parts);
}
