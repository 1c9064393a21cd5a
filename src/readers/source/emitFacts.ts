import type { Node } from '@babel/types';
import { type FunctionInfo, type Statics } from './statics.ts';
import { bare, childrenOf, isFunction, propertyName, walk, type Syntax } from './syntax.ts';

/** A place in a source that the running program can name by number. */
export interface Site {
  readonly file: number;
  readonly node: Node;
  /** Number of the function around it; −1 at the top of a file. */
  readonly fn: number;
  /** The place is a wrapped call (and not a guarded value or a condition). */
  readonly call: boolean;
}

/** Numbers given out while several sources are rewritten for one run. */
export interface Numbers {
  readonly sites: Site[];
  readonly functions: { readonly file: number; readonly info: FunctionInfo }[];
}

/**
 * What the program is told about a branch or loop: does it build (1: if taken, 2: if not), is it a guard that only throws or leaves, does it
 * only say what an element shows, so that both sides are tried where it is not known.
 */
export interface BranchFacts {
  readonly builds: number;
  readonly guard: boolean;
  readonly shows?: boolean;
}

/** A source as the sandbox runs it. */
export interface Emitted {
  readonly code: string;
  readonly branches: Readonly<Record<number, BranchFacts>>;
}

/** Everything the emitter of one source works with. */
export interface Context {
  readonly syntax: Syntax;
  readonly statics: Statics;
  readonly matters: (node: Node) => boolean;
  readonly buildingNames: ReadonlySet<string>;
  readonly numbers: Numbers;
  readonly fileIndex: number;
}

export const SIZE_FREE = new Set([
  'StringLiteral',
  'NumericLiteral',
  'BooleanLiteral',
  'NullLiteral',
  'ArrowFunctionExpression',
  'FunctionExpression',
  'Identifier',
  'ObjectExpression',
  'ArrayExpression',
]);
export const ALWAYS_SITED = new Set([
  'add',
  'apply',
  'compile',
  'pop',
  'input',
  'model',
  'sequential',
  'Sequential',
  'setWeights',
  'setAttribute',
  'loadLayersModel',
  'clone',
  'fromConfig',
]);

/** Methods of the language that QuickJS does not interrupt, and whose time grows with their data. */
export const LONG_NATIVES = new Set(
  (
    'indexOf lastIndexOf includes reverse sort fill join slice splice concat flat copyWithin shift unshift forEach map filter ' +
    'some every find findIndex findLast findLastIndex reduce reduceRight toString toLocaleString from of repeat padStart padEnd ' +
    'replace replaceAll split match matchAll search test exec stringify parse assign toSorted toReversed toSpliced with ' +
    'keys values entries set subarray localeCompare normalize'
  ).split(' '),
);

export function suspends(node: Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'AwaitExpression' || inner.type === 'YieldExpression' || inner.type === 'Super')
      found = true;
    return !found && !(isFunction(inner) && inner !== node);
  });
  return found;
}

/** Names assigned in the subtrees (not in functions inside them) and declared outside them. */
export function assignedNames(nodes: readonly (Node | null | undefined)[]): string[] {
  const assigned = new Set<string>();
  const declared = new Set<string>();
  const targets = (node: Node): void => {
    if (node.type === 'Identifier') assigned.add(node.name);
    else if (node.type === 'ArrayPattern' || node.type === 'ObjectPattern') childrenOf(node).forEach(targets);
    else if (node.type === 'ObjectProperty') targets(node.value);
    else if (node.type === 'AssignmentPattern') targets(node.left);
  };
  for (const root of nodes) {
    if (!root) continue;
    walk(root, (node) => {
      if (isFunction(node)) return false;
      if (node.type === 'AssignmentExpression') targets(node.left);
      if (node.type === 'UpdateExpression') targets(node.argument);
      const filled = filledName(node);
      if (filled !== undefined) assigned.add(filled);
      if (node.type === 'VariableDeclarator')
        walk(node.id, (id) => void (id.type === 'Identifier' && declared.add(id.name)));
      return true;
    });
  }
  return [...assigned].filter((name) => !declared.has(name));
}

/** The variable whose container a node fills: `x.push(…)`, `x.add(…)`, `x[i] = …`. */
function filledName(node: Node): string | undefined {
  if (
    node.type === 'CallExpression' &&
    /^(push|unshift|add|set|pop|splice)$/.test(propertyName(node.callee) ?? '')
  ) {
    const owner = 'object' in node.callee ? bare(node.callee.object) : undefined;
    return owner?.type === 'Identifier' ? owner.name : undefined;
  }
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression' || !node.left.computed)
    return undefined;
  const owner = bare(node.left.object);
  return owner.type === 'Identifier' ? owner.name : undefined;
}

export function onlyLeaves(node: Node): boolean {
  if (node.type === 'BlockStatement') {
    const last = node.body.at(-1);
    return (
      last !== undefined &&
      onlyLeaves(last) &&
      node.body.slice(0, -1).every((line) => line.type === 'ExpressionStatement')
    );
  }
  if (node.type === 'ThrowStatement') return true;
  return (
    node.type === 'ReturnStatement' &&
    (!node.argument ||
      ['NullLiteral', 'BooleanLiteral'].includes(node.argument.type) ||
      (node.argument.type === 'Identifier' && node.argument.name === 'undefined'))
  );
}

export function hasYield(node: Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'YieldExpression') found = true;
    return !found && !isFunction(inner);
  });
  return found;
}

export function usesSuperOrYield(node: Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'YieldExpression' || inner.type === 'Super') found = true;
    return !found && !isFunction(inner);
  });
  return found;
}
