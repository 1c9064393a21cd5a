import type { JSXAttribute, JSXElement, JSXFragment, JSXSpreadAttribute, Node } from '@babel/types';
import type { ExpressionEmitter } from './emitExpressions.ts';
import { tagName } from './syntax.ts';

/** The value of one attribute, as an entry of an object. */
function attribute(e: ExpressionEmitter, node: JSXAttribute | JSXSpreadAttribute): string {
  if (node.type === 'JSXSpreadAttribute') return `...${e.gen(node.argument)}`;
  const name = node.name.type === 'JSXIdentifier' ? node.name.name : node.name.name.name;
  return `${JSON.stringify(name)}:${node.value ? value(e, node.value) : 'true'}`;
}

function value(e: ExpressionEmitter, node: Node): string {
  if (node.type === 'JSXExpressionContainer')
    return node.expression.type === 'JSXEmptyExpression' ? 'void 0' : e.guarded(node.expression);
  if (node.type === 'JSXSpreadChild') return e.guarded(node.expression);
  return node.type === 'StringLiteral' ? JSON.stringify(node.value) : e.gen(node);
}

/**
 * An element that builds, itself or by a component of the source: a component that builds is called with its attributes, and of others
 * the values are evaluated. What is shown on a page does not matter here: every element is undefined.
 */
export function emitJsx(e: ExpressionEmitter, node: JSXElement | JSXFragment): string {
  if (!e.context.matters(node)) return 'void 0';
  const before = e.showing;
  e.showing = true;
  const code = shown(e, node);
  e.showing = before;
  return code;
}

function shown(e: ExpressionEmitter, node: JSXElement | JSXFragment): string {
  const children = node.children
    .filter(({ type }) => type !== 'JSXText')
    .map((child) => value(e, child))
    .join(',');
  if (node.type === 'JSXFragment') return `void [${children}]`;
  const { name: tag, attributes } = node.openingElement;
  const name = tagName(tag);
  const props = `{${attributes.map((entry) => attribute(e, entry)).join(',')}}`;
  return name !== undefined && e.context.buildingNames.has(name)
    ? `__jx(${e.site(node, true)},()=>${e.text(tag.start ?? 0, tag.end ?? 0)},${props},[${children}])`
    : `void [${props},${children}]`;
}
