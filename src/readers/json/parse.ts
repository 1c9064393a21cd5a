import { type Node, type ParseError, parseTree } from 'jsonc-parser';

import type { JsonObject } from '../../model/json.ts';
import type { TextRange } from '../../model/origin.ts';
import { InputError } from '../../model/problem.ts';
import type { JsonNode } from './node.ts';
import { faultlessTree } from './tree.ts';

/** jsonc-parser's code for text after the document (its const enum cannot be imported by a bundler). */
const TEXT_AFTER_END = 9;
const MAX_DEPTH = 200;
const LITERAL = /^-?(NaN|Infinity)/;

/** Throws before a recursive parser could run out of stack. */
function checkDepth(text: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
    } else if (code === 0x5b || code === 0x7b) {
      depth++;
      if (depth > MAX_DEPTH)
        throw new InputError({
          message: 'The JSON is nested too deep.',
          range: { start: i, end: i + 1 },
          found: `more than ${MAX_DEPTH} levels`,
          expected: `at most ${MAX_DEPTH} levels`,
        });
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
}

function syntaxError(text: string, error: ParseError): InputError {
  const range = { start: error.offset, end: error.offset + Math.max(1, error.length) };
  const literal =
    LITERAL.exec(text.slice(error.offset, error.offset + 12)) ??
    LITERAL.exec(text.slice(Math.max(0, error.offset - 1), error.offset + 12));
  if (literal !== null)
    return new InputError({
      message: `${literal[0]} is no JSON.`,
      range,
      expected: 'a number or null',
      hint: 'Python writes NaN and Infinity into JSON unless told not to: json.dump(…, allow_nan=False) names the value.',
    });
  const end = text.trimEnd().length;
  if (error.offset + error.length >= end && error.error !== TEXT_AFTER_END)
    return new InputError({
      message: 'The JSON ends too early.',
      range: { start: Math.max(0, end - 1), end },
      found: 'the end of the file',
      expected: 'a complete JSON document',
      hint: 'The file is truncated: write or download it again.',
    });
  return new InputError({
    message: 'The JSON is broken.',
    range,
    found: JSON.stringify(text.slice(error.offset, error.offset + 20)),
    expected: 'valid JSON',
  });
}

/** No object may have a key twice: which value counts would be a guess. */
function checkKeys(root: Node): void {
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === 'object') {
      const seen = new Set<string>();
      for (const property of node.children ?? []) {
        const [key] = property.children ?? [];
        const name = String(key?.value);
        if (key !== undefined && seen.has(name))
          throw new InputError({
            message: `The key "${name}" stands twice in one object.`,
            range: rangeOf(key),
            found: `a second "${name}"`,
            expected: 'every key once',
          });
        seen.add(name);
      }
    }
    stack.push(...(node.children ?? []));
  }
}

/** Throws what is wrong with a text that has no tree, at its first fault. */
function throwFault(text: string): never {
  checkDepth(text);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [error] = errors;
  if (error !== undefined) throw syntaxError(text, error);
  if (root !== undefined) checkKeys(root);
  throw new InputError({ message: 'The file is no JSON.', range: { start: 0, end: 1 } });
}

/** The tree of strict JSON (no comments, no trailing commas). Throws an InputError with the place of what is wrong. */
export function parseJson(text: string): JsonNode {
  if (text.trim() === '')
    throw new InputError({
      message: 'The file is empty.',
      expected: 'a JSON document',
      range: { start: 0, end: 0 },
    });
  return faultlessTree(text, MAX_DEPTH) ?? throwFault(text);
}

/** Half-open range of a node. */
export function rangeOf({ offset, length }: Pick<JsonNode, 'offset' | 'length'>): TextRange {
  return { start: offset, end: offset + length };
}

/** The property node of an object's own key. */
export function propertyOf(node: JsonNode | undefined, key: string): JsonNode | undefined {
  if (node?.type !== 'object') return undefined;
  return node.children?.find(({ children }) => children?.[0]?.value === key);
}

/** The value below a path of object keys and array indices (`cells`, `0`). */
export function member(node: JsonNode | undefined, ...path: readonly string[]): JsonNode | undefined {
  let at = node;
  for (const key of path) at = at?.entry(key);
  return at;
}

/** The elements of an array node; empty for anything else. */
export function elements(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.type === 'array' ? (node.children ?? []) : [];
}

/** The string of a string node. */
export function textOf(node: JsonNode | undefined): string | undefined {
  return node?.type === 'string' ? String(node.value) : undefined;
}

/** The plain object of an object node; empty for anything else. */
export function objectOf(node: JsonNode | undefined): JsonObject {
  return node?.type === 'object' ? (node.plain() as JsonObject) : {};
}
