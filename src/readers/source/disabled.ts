import type { Node } from '@babel/types';
import type { TextRange } from '../../model/origin.ts';
import type { DisabledRules } from '../../model/spec.ts';
import { childrenOf, type Syntax } from './syntax.ts';

const MARK = /^\s*initscope-disable-next-line\b([^\n]*)/;
const LEAF = /Statement$|Declaration$|Program|File|Function|Class/;

/**
 * The comments `initscope-disable-next-line rule, rule -- why` of a source, in `//`, block, JSX and HTML comments. One holds for what
 * starts on the next line with code: the whole statement or argument there, but never a whole function, class or loop.
 */
export function disabledRules(syntax: Syntax): DisabledRules[] {
  const comments = syntax.comments.map((comment) => ({
    text: comment.value,
    start: comment.start ?? 0,
    end: comment.end ?? 0,
  }));
  if (syntax.page !== undefined) {
    for (const match of syntax.text.matchAll(/<!--([\s\S]*?)-->/g))
      comments.push({ text: match[1] ?? '', start: match.index, end: match.index + match[0].length });
  }
  return comments.flatMap((comment) => {
    const found = MARK.exec(comment.text);
    if (found === null) return [];
    const names = (found[1] ?? '').replace(/\s--.*$/, '');
    const rules = names.split(/[\s,]+/).filter((name) => /^[\w-]+$/.test(name));
    const range = nextCode(syntax, comment.end);
    const written = `initscope-disable-next-line${rules.length === 0 ? '' : ` ${rules.join(', ')}`}`;
    const place = { start: comment.start, end: comment.end };
    return range === undefined ? [] : [{ rules, comment: place, range, written }];
  });
}

function nextCode(syntax: Syntax, from: number): TextRange | undefined {
  const { text } = syntax;
  const lineEnd = text.indexOf('\n', from);
  const start = lineEnd < 0 ? -1 : lineEnd + 1 + (/^\s*/.exec(text.slice(lineEnd + 1))?.[0].length ?? 0);
  if (start < 0 || start >= text.length) return undefined;
  const stop = text.indexOf('\n', start);
  const line: TextRange = { start, end: stop < 0 ? text.length : stop };
  let widest: TextRange | undefined;
  const visit = (node: Node): void => {
    const begin = node.start ?? 0;
    const end = node.end ?? 0;
    if (begin > line.end || end < start) return;
    const whole =
      node.type === 'ExpressionStatement' ||
      node.type === 'VariableDeclaration' ||
      node.type === 'ReturnStatement' ||
      !LEAF.test(node.type);
    if (begin >= start && begin < line.end && whole && widest === undefined)
      widest = { start, end: Math.max(end, line.end) };
    else childrenOf(node).forEach(visit);
  };
  visit(syntax.file.program);
  return widest ?? line;
}
