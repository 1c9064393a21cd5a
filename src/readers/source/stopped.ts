import type { Places } from './places.ts';
import type { Program } from './program.ts';
import type { Recording } from './recording.ts';

const REASONS: readonly (readonly [pattern: RegExp, text: string])[] = [
  [/^interrupted/, 'it ran longer than its time limit'],
  [/out of memory/, 'it asked for more memory than its limit'],
  [/stack overflow|call stack/i, 'its calls are nested too deeply'],
];
const FRAME = /<input>:(\d+):(\d+)\)/g;
/** A number that the emitter wrote: `__err(12,…)`, `__v("name",12,…)`, `__b` has none. */
const SITE = /__\w+\((?:"(?:[^"\\]|\\.)*",|'[^']*',)?(\d+)\b/g;

/** The site that stands at a place of the rewritten code, or nearest before it in its line. */
function siteAt(line: string, column: number): number | undefined {
  let found: number | undefined;
  for (const match of line.matchAll(SITE)) {
    if (found !== undefined && match.index > column) break;
    found = Number(match[1]);
  }
  return found;
}

/** The site at which a program ended, by the innermost frame of its stack that the emitter numbered. */
function siteOf(stack: string, code: readonly string[]): number | undefined {
  for (const match of stack.matchAll(FRAME)) {
    const site = siteAt(code[Number(match[1]) - 1] ?? '', Number(match[2]));
    if (site !== undefined) return site;
  }
  return undefined;
}

/**
 * Why a program ended early and on which line, in words; undefined when it ran to its end. A program that ended inside a native
 * method leaves no stack: `lastMarked`, the call it had announced, stands for it (-1: none).
 */
export function stoppedText(
  ended: Recording['ended'],
  program: Program,
  places: Places,
  lastMarked: number,
): string | undefined {
  if (ended === undefined) return undefined;
  const why = REASONS.find(([pattern]) => pattern.test(ended.message))?.[1] ?? ended.message;
  const code = program.start.files.flatMap((file) =>
    file.code === undefined ? [] : file.code.trimStart().split('\n'),
  );
  const site = ended.site >= 0 ? ended.site : (siteOf(ended.stack, code) ?? lastMarked);
  if (program.sites[site] === undefined) return why;
  const file = program.sites[site].file === 0 ? '' : ` of ${places.file(site).replace(/^.*[\\/]/, '')}`;
  return `${why} (line ${places.line(site)}${file})`;
}
