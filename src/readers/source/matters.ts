import type { Node } from '@babel/types';
import { calleeName, createdComponent, isBuildingCallee } from './aliases.ts';
import type { Statics } from './statics.ts';
import { bare, childrenOf, propertyName, tagName, walk } from './syntax.ts';

function receiver(callee: Node): string | undefined {
  const member = bare(callee);
  if (member.type !== 'MemberExpression') return undefined;
  const owner = bare(member.object);
  return owner.type === 'Identifier' ? owner.name : propertyName(owner);
}

/** Names of variables and fields that are given the result of a call that makes models or layers. */
function modelVariables(statics: Statics, names: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const makes = (node: Node): boolean => {
    const inner = bare(node);
    const call = inner.type === 'AwaitExpression' ? bare(inner.argument) : inner;
    if (call.type !== 'CallExpression' && call.type !== 'NewExpression') return false;
    return (
      isBuildingCallee(call.callee, statics.aliases) !== undefined || names.has(calleeName(call.callee) ?? '')
    );
  };
  walk(statics.top.node, (node) => {
    if (
      node.type === 'VariableDeclarator' &&
      node.init &&
      node.id.type === 'Identifier' &&
      makes(node.init)
    ) {
      found.add(node.id.name);
    }
    if (node.type === 'AssignmentExpression' && makes(node.right)) {
      const name = node.left.type === 'Identifier' ? node.left.name : propertyName(node.left);
      if (name !== undefined) found.add(name);
    }
  });
  return found;
}

/** Whether a subtree makes, adds or applies layers or models, itself or by calling a function that does. */
export function createMatters(statics: Statics, names: ReadonlySet<string>): (node: Node) => boolean {
  const known = new WeakMap<Node, boolean>();
  const models = modelVariables(statics, names);
  const isModelName = (name: string | undefined): boolean =>
    name !== undefined && (models.has(name) || /model|network|cnn|^net$|Net$|^seq/i.test(name));
  const own = (node: Node): boolean => {
    if (node.type === 'JSXOpeningElement') return names.has(tagName(node.name) ?? '');
    if (
      node.type !== 'CallExpression' &&
      node.type !== 'NewExpression' &&
      node.type !== 'OptionalCallExpression'
    )
      return false;
    if (isBuildingCallee(node.callee, statics.aliases) !== undefined) return true;
    const name = calleeName(node.callee);
    if (name === undefined) return false;
    if (names.has(name) || names.has(createdComponent(node) ?? '')) return true;
    if (name === 'apply')
      return !(node.arguments[0]?.type === 'ThisExpression' || node.arguments[0]?.type === 'NullLiteral');
    return name === 'add' && node.arguments.length === 1 && isModelName(receiver(node.callee));
  };
  const matters = (node: Node): boolean => {
    const before = known.get(node);
    if (before !== undefined) return before;
    const result = own(node) || childrenOf(node).some(matters);
    known.set(node, result);
    return result;
  };
  return matters;
}
