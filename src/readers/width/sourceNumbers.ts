import type { Node } from '@babel/types';
import { type Syntax, walk } from '../source/syntax.ts';
import type { NumberPlace } from './numberPlaces.ts';

/** The name that something is written to: a variable's, the last of a member's, a key's. */
function nameOf(target: Node): string | undefined {
  switch (target.type) {
    case 'Identifier':
      return target.name;
    case 'StringLiteral':
      return target.value;
    case 'PrivateName':
      return target.id.name;
    case 'MemberExpression':
      return nameOf(target.property);
    default:
      return undefined;
  }
}

/** What a node binds: target and value. */
function bindingOf(node: Node): readonly [Node, Node | null | undefined] | undefined {
  switch (node.type) {
    case 'VariableDeclarator':
      return [node.id, node.init];
    case 'AssignmentPattern':
    case 'AssignmentExpression':
      return [node.left, node.right];
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassPrivateProperty':
      return [node.key, node.value];
    default:
      return undefined;
  }
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
