import type { JsonNode } from './node.ts';
import type { Json } from '../../model/json.ts';

/** How the JSON around a place is laid out. */
interface JsonStyle {
  /** Text after a key's colon and after a comma on one line. */
  readonly colon: string;
  readonly comma: string;
  /** One level of indentation; undefined when objects stand on one line. */
  readonly indent?: string;
  readonly newline: string;
}

const blank = /^[ \t]*$/;

/** The white space between the start of the line and this offset; undefined when something else stands there. */
export function lineIndent(text: string, offset: number): string | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset);
  return blank.test(before) ? before : undefined;
}

function between(text: string, left: JsonNode | undefined, right: JsonNode | undefined): string | undefined {
  return left === undefined || right === undefined
    ? undefined
    : text.slice(left.offset + left.length, right.offset);
}

/** The style of an object of the text, read from its own properties: compact, spaced on one line, or indented. */
export function styleAt(text: string, object: JsonNode): JsonStyle {
  const [first, second] = object.children ?? [];
  const [key, value] = first?.children ?? [];
  const colon =
    (between(text, key, value) ?? ': ').trim() === ':' ? (between(text, key, value) ?? ': ') : ': ';
  const gap = between(text, first, second);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const own = first === undefined ? undefined : lineIndent(text, first.offset);
  const closing = lineIndent(text, object.offset + object.length - 1);
  const inline = {
    colon: colon.replace(/^[^:]*/, ''),
    comma: gap !== undefined && !gap.includes('\n') ? gap : ', ',
    newline,
  };
  if (own === undefined) return { ...inline, comma: gap ?? (colon === ':' ? ',' : ', ') };
  const indent = closing !== undefined && own.startsWith(closing) ? own.slice(closing.length) : '  ';
  return { ...inline, indent };
}

/** A number as Python and JavaScript both read it; whole floats stay whole. */
function scalar(value: Json): string {
  return JSON.stringify(value);
}

/** JSON text of a value in a style; `outer` is the indentation of the line on which it starts. */
export function writeJson(value: Json, style: JsonStyle, outer: string): string {
  if (typeof value !== 'object' || value === null) return scalar(value);
  const isList = Array.isArray(value);
  const items = isList
    ? (value as readonly Json[]).map((item) => ({ key: '', item }))
    : Object.entries(value as { readonly [key: string]: Json }).map(([key, item]) => ({
        key: `${JSON.stringify(key)}${style.colon}`,
        item,
      }));
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) return open + close;
  if (style.indent === undefined)
    return open + items.map(({ key, item }) => key + writeJson(item, style, outer)).join(style.comma) + close;
  const inner = outer + style.indent;
  const lines = items.map(({ key, item }) => inner + key + writeJson(item, style, inner));
  return `${open}${style.newline}${lines.join(`,${style.newline}`)}${style.newline}${outer}${close}`;
}
