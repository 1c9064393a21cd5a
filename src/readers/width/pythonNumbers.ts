import {
  argumentsOf,
  calledName,
  type PyNode,
  type PythonSyntax,
  textOf,
  within,
} from '../python/lint/syntax.ts';
import type { NumberPlace } from './numberPlaces.ts';

const unquoted = (text: string): string => text.replace(/^[rbuRBU]*['"]|['"]$/g, '');

/** The name a number is bound to: the target, argument, keyword or key before it; undefined in an expression. */
function nameOf(syntax: PythonSyntax, number: PyNode): string | undefined {
  const mark = number.prevSibling;
  if (mark === null || (mark.name !== 'AssignOp' && mark.name !== ':')) return undefined;
  if (number.nextSibling?.name === 'AssignOp') return undefined;
  const statement = number.parent;
  if (statement?.name === 'AssignStatement' && statement.getChild(',') !== null) return undefined;
  let before = mark.prevSibling;
  if (before?.name === 'TypeDef') before = before.prevSibling;
  if (before === null) return undefined;
  const text = textOf(syntax, before);
  if (before.name === 'String') return unquoted(text);
  if (before.name === 'MemberExpression') return text.split('.').at(-1);
  if (before.name !== 'VariableName') return undefined;
  return text === 'default' ? (optionOf(syntax, statement) ?? text) : text;
}

/** The option that a call of `add_argument`, or a decorator of click's, declares. */
function optionOf(syntax: PythonSyntax, list: PyNode | null): string | undefined {
  const call = list?.name === 'ArgList' ? list.parent : null;
  if (call === null || !/^(add_argument|option)$/.test(calledName(syntax, call))) return undefined;
  const names = argumentsOf(syntax, call).positional.filter(({ name }) => name === 'String');
  const long = names.map((name) => unquoted(textOf(syntax, name))).sort((a, b) => b.length - a.length)[0];
  return long?.replace(/^-+/, '').replaceAll('-', '_');
}

/** The numbers of a Python text under their names. */
export function pythonNumbers(syntax: PythonSyntax): readonly NumberPlace[] {
  return within(syntax.top, 'Number').flatMap((number) => {
    const name = nameOf(syntax, number);
    if (name === undefined) return [];
    const value = Number(textOf(syntax, number).replaceAll('_', ''));
    return [{ name, value, range: { start: number.from, end: number.to } }];
  });
}
