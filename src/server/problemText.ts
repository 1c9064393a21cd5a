import { basename, dirname, resolve } from 'node:path';
import type { Problem } from '../model/problem.ts';

/** Whether a problem stands in another file than the one at `path`: a data file, something imported. */
export function isElsewhere({ file }: Problem, path: string): boolean {
  return file !== undefined && resolve(dirname(path), file) !== resolve(path);
}

/** What is wrong, in one line; another file than the one at `path` is named first. */
export function problemLine(problem: Problem, path: string): string {
  const { file, message } = problem;
  return file !== undefined && isElsewhere(problem, path) ? `${basename(file)}: ${message}` : message;
}

/** What is wrong, what was found and expected, and what to do, each on a line of its own. */
export function problemText(problem: Problem, path: string): string {
  const { found, expected, hint } = problem;
  const lines = [problemLine(problem, path)];
  if (found !== undefined) lines.push(`Found: ${found}.`);
  if (expected !== undefined) lines.push(`Expected: ${expected}.`);
  if (hint !== undefined) lines.push(hint);
  return lines.join('\n');
}
