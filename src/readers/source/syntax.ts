import { parse, type ParserPlugin } from '@babel/parser';
import type { Comment, File, Node } from '@babel/types';
import { InputError } from '../../model/problem.ts';
import { readHtml, type HtmlPage } from './html.ts';

/** A parsed source: the tree's offsets are offsets of `text`, in pages too. */
export interface Syntax {
  readonly path: string;
  readonly text: string;
  readonly file: File;
  readonly comments: readonly Comment[];
  readonly page?: HtmlPage;
}

/** The largest source that is parsed; above it a file is a bundle or data. */
export const MAX_SOURCE_LENGTH = 2_000_000;

/** True for the output of a bundler or minifier: very long lines make up most of the text. */
export function looksMinified(text: string): boolean {
  if (text.length < 5_000) return false;
  let long = 0;
  for (const line of text.split('\n')) if (line.length > 1_000) long += line.length;
  return long > text.length / 2;
}

function pluginsFor(path: string): ParserPlugin[] {
  if (/\.[cm]?ts$/i.test(path)) return ['typescript', 'decorators-legacy'];
  if (/\.tsx$/i.test(path)) return ['typescript', 'jsx', 'decorators-legacy'];
  return ['jsx', 'decorators-legacy'];
}

/** Parses a source or a page. Throws an InputError that names the place of the first syntax error. */
export function parseSource(path: string, text: string): Syntax {
  const page = /\.html?$/i.test(path) ? readHtml(text) : undefined;
  const code = page?.scriptText ?? text;
  let file: File;
  try {
    file = parse(code, {
      sourceType: 'unambiguous',
      plugins: pluginsFor(path),
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      allowImportExportEverywhere: true,
      allowSuperOutsideMethod: true,
      allowUndeclaredExports: true,
      allowNewTargetOutsideFunction: true,
      createParenthesizedExpressions: true,
      attachComment: false,
    });
  } catch (error) {
    throw syntaxProblem(error, path, code.length);
  }
  return { path, text, file, comments: file.comments ?? [], ...(page === undefined ? {} : { page }) };
}

function syntaxProblem(error: unknown, path: string, length: number): InputError {
  if (error instanceof RangeError) {
    return new InputError({ file: path, message: 'the source is nested too deeply to be parsed' });
  }
  const at = error as { message?: unknown; pos?: unknown };
  const message = String(at.message ?? error).replace(/\s*\(\d+:\d+\)\s*$/, '');
  const start = typeof at.pos === 'number' ? Math.min(at.pos, length) : 0;
  return new InputError({
    file: path,
    range: { start, end: Math.min(start + 1, length) },
    message: `syntax error: ${message}`,
    hint: 'the models of this file are shown again when it parses',
  });
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

const NOT_CHILDREN = new Set([
  'loc',
  'extra',
  'errors',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'tokens',
  'comments',
]);

const children = new WeakMap<Node, readonly Node[]>();

/** The child nodes of a node, in source order. */
export function childrenOf(node: Node): readonly Node[] {
  const known = children.get(node);
  if (known !== undefined) return known;
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (NOT_CHILDREN.has(key)) continue;
    if (Array.isArray(value)) {
      for (const entry of value) if (isNode(entry)) found.push(entry);
    } else if (isNode(value)) found.push(value);
  }
  found.sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  children.set(node, found);
  return found;
}

/** Calls `visit` for the node and everything below it; a visit that returns false leaves its subtree out. */
export function walk(node: Node, visit: (node: Node, parents: readonly Node[]) => boolean | void): void {
  const parents: Node[] = [];
  const step = (current: Node): void => {
    if (visit(current, parents) === false) return;
    parents.push(current);
    for (const child of childrenOf(current)) step(child);
    parents.pop();
  };
  step(node);
}

/** The expression inside parentheses, casts and non-null marks. */
export function bare(node: Node): Node {
  return node.type === 'ParenthesizedExpression' ||
    node.type === 'TSAsExpression' ||
    node.type === 'TSSatisfiesExpression' ||
    node.type === 'TSNonNullExpression' ||
    node.type === 'TSTypeAssertion' ||
    node.type === 'TSInstantiationExpression'
    ? bare(node.expression)
    : node;
}

/** `a.b` or `a['b']` → `b`. */
export function propertyName(node: Node): string | undefined {
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return undefined;
  if (!node.computed && node.property.type === 'Identifier') return node.property.name;
  return node.property.type === 'StringLiteral' ? node.property.value : undefined;
}

/** `<Net …>` and `<nets.Net …>` → `Net`; undefined for an element of the page. */
export function tagName(tag: Node): string | undefined {
  if (tag.type === 'JSXMemberExpression') return tag.property.name;
  return tag.type === 'JSXIdentifier' && /^[A-Z]/.test(tag.name) ? tag.name : undefined;
}

/** True for a node whose body is a function scope of its own. */
export function isFunction(node: Node): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'ObjectMethod' ||
    node.type === 'ClassMethod' ||
    node.type === 'ClassPrivateMethod'
  );
}
