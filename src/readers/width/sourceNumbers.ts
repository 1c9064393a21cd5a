import type { Node } from '@babel/types';
import { type Syntax, walk } from '../source/syntax.ts';
import type { NumberPlace } from './numberPlaces.ts';

/** The name that something is written to: a variable's, the last of a member's, a key's. */
function nameOf(target: Node): string | undefined {
  if (target.type === 'Identifier') return target.name;
  if (target.type === 'StringLiteral') return target.value;
  if (target.type === 'PrivateName') return target.id.name;
  return target.type === 'MemberExpression' ? nameOf(target.property) : undefined;
}

/** What a node binds: target and value. */
function bindingOf(node: Node): readonly [Node, Node | null | undefined] | undefined {
  if (node.type === 'VariableDeclarator') return [node.id, node.init];
  if (node.type === 'AssignmentPattern' || node.type === 'AssignmentExpression')
    return [node.left, node.right];
  if (node.type === 'ObjectProperty' || node.type === 'ClassProperty' || node.type === 'ClassPrivateProperty')
    return [node.key, node.value];
  return undefined;
}

/** The numbers of a JavaScript or TypeScript source under their names. */
export function sourceNumbers(syntax: Syntax): readonly NumberPlace[] {
  const found: NumberPlace[] = [];
  walk(syntax.file.program, (node) => {
    const [target, value] = bindingOf(node) ?? [];
    if (target === undefined || value?.type !== 'NumericLiteral') return;
    const name = nameOf(target);
    if (name === undefined || typeof value.start !== 'number' || typeof value.end !== 'number') return;
    found.push({ name, value: value.value, range: { start: value.start, end: value.end } });
  });
  return found;
}
