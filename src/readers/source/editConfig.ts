import type { Node } from '@babel/types';
import type { TextRange } from '../../model/origin.ts';
import { keyOf } from './places.ts';
import { Refused } from '../refused.ts';
import { bare, propertyName, walk, type Syntax } from './syntax.ts';

/** A replacement in the source. */
export interface TextEdit {
  readonly range: TextRange;
  readonly text: string;
}

type Config = Extract<Node, { type: 'ObjectExpression' }>;

function quoted(value: string, syntax: Syntax, near: Config | undefined): string {
  if (!value.includes("'")) return value;
  const sample = near === undefined ? undefined : firstString(near);
  const mark = syntax.text[sample?.start ?? firstString(syntax.file.program)?.start ?? -1];
  return mark === '"' ? value.replaceAll("'", '"') : value;
}

function firstString(root: Node): Node | undefined {
  let found: Node | undefined;
  walk(root, (node) => {
    if (node.type === 'StringLiteral') found ??= node;
    return found === undefined;
  });
  return found;
}

/** True for a value that can be replaced without losing a decision of the author: a name, an initializer call, null, a boolean. */
function isPlain(node: Node): boolean {
  const value = bare(node);
  if (
    ['StringLiteral', 'NumericLiteral', 'NullLiteral', 'BooleanLiteral', 'ObjectExpression'].includes(
      value.type,
    )
  )
    return true;
  if (value.type === 'Identifier') return value.name === 'undefined';
  if (value.type !== 'CallExpression' && value.type !== 'NewExpression') return false;
  const callee = bare(value.callee);
  return callee.type === 'MemberExpression' && propertyName(bare(callee.object)) === 'initializers';
}

/** True when a name is a constant whose value is plain: replacing its use here changes this layer only. */
function isPlainConstant(root: Node, name: string): boolean {
  let plain = 0;
  let others = 0;
  walk(root, (node) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === name) {
      if (node.init && isPlain(node.init)) plain += 1;
      else others += 1;
    }
    if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier' && node.left.name === name)
      others += 1;
    if ('params' in node && Array.isArray(node.params))
      for (const param of node.params) if (namesIn(param, name)) others += 1;
  });
  return plain === 1 && others === 0;
}

function namesIn(node: Node, name: string): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'Identifier' && inner.name === name) found = true;
    return !found;
  });
  return found;
}

/**
 * Sets a property of a layer's config: replaces a plain value, or adds the property in the style of its neighbours. Throws Refused
 * for a computed value and for a spread that may override.
 */
export function setProperty(
  syntax: Syntax,
  call: Node,
  object: Config | undefined,
  key: string,
  value: string,
  place: (node: Node) => string,
): TextEdit[] {
  const text = quoted(value, syntax, object);
  if (object === undefined) {
    const end = (call.end ?? 0) - 1;
    return [{ range: { start: end, end }, text: `{${key}: ${text}}` }];
  }
  const index = object.properties.findIndex((entry) => keyOf(entry) === key);
  const existing = object.properties[index];
  if (existing !== undefined) {
    if (object.properties.slice(index + 1).some((entry) => entry.type === 'SpreadElement'))
      throw new Refused(place(existing), `what is spread after ${key} may set it again`);
    if (existing.type !== 'ObjectProperty') throw new Refused(place(existing), `${key} is computed`);
    const current = bare(existing.value);
    const constant = current.type === 'Identifier' && isPlainConstant(syntax.file.program, current.name);
    if (!isPlain(existing.value) && !constant) {
      throw new Refused(
        place(existing),
        `${key} is computed (${syntax.text.slice(current.start ?? 0, current.end ?? 0).slice(0, 40)}): set it to ${text} where it comes from`,
      );
    }
    if (existing.shorthand)
      return [{ range: { start: existing.start ?? 0, end: existing.end ?? 0 }, text: `${key}: ${text}` }];
    return [{ range: { start: existing.value.start ?? 0, end: existing.value.end ?? 0 }, text }];
  }
  const last = object.properties.at(-1);
  if (last === undefined)
    return [{ range: { start: object.start ?? 0, end: object.end ?? 0 }, text: `{${key}: ${text}}` }];
  const name = object.properties.every(
    (entry) => entry.type === 'ObjectProperty' && entry.key.type === 'StringLiteral',
  )
    ? quoted(`'${key}'`, syntax, object)
    : key;
  const end = last.end ?? 0;
  const lines =
    syntax.text.slice(last.end ?? 0, object.end ?? 0).includes('\n') || sameStart(syntax.text, object);
  const separator = lines ? `,${newline(syntax.text)}${indentOf(syntax.text, last.start ?? 0)}` : ', ';
  return [{ range: { start: end, end }, text: `${separator}${name}: ${text}` }];
}

/** True when the properties already stand on lines of their own. */
function sameStart(text: string, object: Config): boolean {
  const [first, second] = object.properties;
  return (
    first !== undefined &&
    second !== undefined &&
    text.slice(first.end ?? 0, second.start ?? 0).includes('\n')
  );
}

function newline(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function indentOf(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, at))?.[0] ?? '';
}
