import { basename, dirname, resolve } from 'node:path';
import type { Problem } from '../model/problem.ts';
import type { FileState } from './fileState.ts';

/** Whether a problem stands in another file than the one at `path`: a data file, something imported. */
export function isElsewhere({ file }: Problem, path: string): boolean {
  return file !== undefined && resolve(dirname(path), file) !== resolve(path);
}

/** What is wrong, in one line; another file than the one at `path` is named first. */
export function problemLine(problem: Problem, path: string): string {
  const { file, message } = problem;
  return file !== undefined && isElsewhere(problem, path) ? `${basename(file)}: ${message}` : message;
}

/** As `problemLine`, with the place in words, for a line that stands apart from the text: `The JSON ends too early (line 12, column 5).` */
export function placedLine(problem: Problem, { path, reading }: Pick<FileState, 'path' | 'reading'>): string {
  const line = problemLine(problem, path);
  const { range, cell } = problem;
  const told = range === undefined || range.start === range.end || /\bline \d/.test(line);
  if (told || reading === undefined || isElsewhere(problem, path)) return line;
  const at = reading.document.positionAt(range.start);
  const place =
    cell === undefined
      ? `line ${at.line + 1}, column ${at.character + 1}`
      : `cell ${cell.index + 1}, line ${cell.startLine + 1}`;
  return `${line.replace(/\.$/, '')} (${place}).`;
}

/** What was found and expected, and what to do, each on a line of its own; empty where a problem tells nothing of it. */
export function problemHelp({ found, expected, hint }: Problem): string {
  const lines: string[] = [];
  if (found !== undefined) lines.push(`Found: ${found}.`);
  if (expected !== undefined) lines.push(`Expected: ${expected}.`);
  if (hint !== undefined) lines.push(hint);
  return lines.join('\n');
}

/** What is wrong, then what helps to mend it. */
export function problemText(problem: Problem, path: string): string {
  return [problemLine(problem, path), problemHelp(problem)].filter(Boolean).join('\n');
}
