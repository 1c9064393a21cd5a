import type { TextRange } from '../../../model/origin.ts';
import type { DisabledRules } from '../../../model/spec.ts';
import { type PyNode, type PythonSyntax, textOf, within } from './syntax.ts';

const MARK = /#\s*initscope:\s*ignore(?:\[([^\]]*)\])?/;
const SIMPLE = /^(Assign|Expression|Return|Update|Assert|Yield)Statement$/;

/** The simple statement around an offset, if it starts or ends on that line; else the line. */
function extent(syntax: PythonSyntax, line: TextRange): TextRange {
  const first = line.start + (/^\s*/.exec(syntax.text.slice(line.start, line.end))?.[0].length ?? 0);
  for (const at of [first, line.end]) {
    let node: PyNode | null = syntax.top.resolveInner(at, at === first ? 1 : -1);
    while (node !== null && !SIMPLE.test(node.name)) node = node.parent;
    if (node === null) continue;
    const { from, to } = node;
    const startsHere = from >= line.start && from < line.end;
    const endsHere = to > line.start && to <= line.end;
    if (startsHere || endsHere) return { start: Math.min(line.start, from), end: Math.max(line.end, to) };
  }
  return line;
}

function lineAt(text: string, offset: number): TextRange {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const stop = text.indexOf('\n', offset);
  return { start, end: stop < 0 ? text.length : stop };
}

/**
 * The comments `# initscope: ignore[rule, rule]` (all rules without brackets). One at the end of a line holds for what starts on the line,
 * and for the whole statement where it stands on its first or last line; one alone on its line holds for the next line with code.
 */
export function disabledLines(syntax: PythonSyntax): DisabledRules[] {
  const { text } = syntax;
  return within(syntax.top, 'Comment').flatMap((comment) => {
    const found = MARK.exec(textOf(syntax, comment));
    if (found === null) return [];
    const rules = (found[1] ?? '').split(/[\s,]+/).filter((name) => name !== '');
    const own = lineAt(text, comment.from);
    let line: TextRange = { start: own.start, end: comment.from };
    if (text.slice(own.start, comment.from).trim() === '') {
      const next = /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*/.exec(text.slice(own.end + 1))?.[0].length ?? 0;
      line = lineAt(text, own.end + 1 + next);
    } else {
      line = { start: line.start, end: line.start + text.slice(line.start, line.end).trimEnd().length };
    }
    const range = extent(syntax, line);
    return [{ rules, comment: { start: comment.from, end: comment.to }, range, written: found[0] }];
  });
}
