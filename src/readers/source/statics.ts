import type { Node } from '@babel/types';
import { calleeName, collectAliases, isBuildingCallee } from './aliases.ts';
import { childrenOf, isFunction, propertyName, type Syntax } from './syntax.ts';

/** A function of a source: whether its own body makes layers or models, and which names it calls. */
export interface FunctionInfo {
  readonly node: Node;
  readonly name: string;
  /** The class whose method it is. */
  readonly className: string | undefined;
  readonly parent: FunctionInfo | undefined;
  /** A model is made in its own body. */
  createsModel: boolean;
  /** Layers are made, added or applied in its own body. */
  builds: boolean;
  readonly calls: Set<string>;
}

/** What is known of a source before it runs. */
export interface Statics {
  readonly functions: ReadonlyMap<Node, FunctionInfo>;
  /** The program's own body, as a function without a name. */
  readonly top: FunctionInfo;
  /** Names under which TensorFlow.js is known (`tf`, `tfl`, …). */
  readonly aliases: ReadonlySet<string>;
  /** Relative imports, requires and loaded models, as written. */
  readonly imports: readonly string[];
  readonly loadedModels: readonly string[];
  /** Every text that ends like a model file. */
  readonly modelPaths: readonly string[];
  readonly classes: ReadonlySet<string>;
}

/** Names too common to follow as calls of the file's own functions. */
const COMMON = new Set([
  'then',
  'catch',
  'map',
  'forEach',
  'push',
  'log',
  'add',
  'apply',
  'call',
  'bind',
  'get',
  'set',
  'load',
]);

function nameOf(node: Node, parents: readonly Node[]): string {
  if ('id' in node && node.id !== null && typeof node.id === 'object' && 'name' in node.id)
    return String(node.id.name);
  if ('key' in node && typeof node.key === 'object' && node.key !== null && 'name' in node.key)
    return String(node.key.name);
  const parent = parents.at(-1);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'AssignmentExpression') {
    return parent.left.type === 'Identifier' ? parent.left.name : (propertyName(parent.left) ?? '');
  }
  if (
    (parent?.type === 'ObjectProperty' || parent?.type === 'ClassProperty') &&
    parent.key.type === 'Identifier'
  )
    return parent.key.name;
  return '';
}

/** Finds the functions of a source and what each does to models. */
export function analyse(syntax: Syntax): Statics {
  const { aliases, imports, loadedModels, modelPaths, classes } = collectAliases(syntax.file.program);
  const functions = new Map<Node, FunctionInfo>();
  const make = (node: Node, name: string, className?: string, parent?: FunctionInfo): FunctionInfo => ({
    node,
    name,
    className,
    parent,
    createsModel: false,
    builds: false,
    calls: new Set(),
  });
  const top = make(syntax.file.program, '');
  const visit = (node: Node, parents: Node[], owner: FunctionInfo): void => {
    let current = owner;
    if (isFunction(node)) {
      current = make(node, nameOf(node, parents), classNameOf(parents), owner);
      functions.set(node, current);
    }
    if (
      node.type === 'CallExpression' ||
      node.type === 'NewExpression' ||
      node.type === 'OptionalCallExpression'
    ) {
      const kind = isBuildingCallee(node.callee, aliases);
      if (kind === 'model') current.createsModel = true;
      if (kind !== undefined) current.builds = true;
      const name = calleeName(node.callee);
      if (name !== undefined && !COMMON.has(name)) current.calls.add(name);
    }
    parents.push(node);
    for (const child of childrenOf(node)) visit(child, parents, current);
    parents.pop();
  };
  visit(syntax.file.program, [], top);
  return { functions, top, aliases, imports, loadedModels, modelPaths, classes };
}

/** The names of functions (over all sources given) that make layers or models, themselves or through others. */
export function buildingNames(all: readonly Statics[]): ReadonlySet<string> {
  const infos = all.flatMap((statics) => [...statics.functions.values()]);
  const names = new Set<string>();
  const add = (info: FunctionInfo): boolean => {
    const name = info.name === 'constructor' ? (info.className ?? '') : info.name;
    if (name === '' || COMMON.has(name) || names.has(name)) return false;
    names.add(name);
    return true;
  };
  for (const info of infos) if (info.builds) add(info);
  for (let changed = true; changed;) {
    changed = false;
    for (const info of infos) {
      if ([...info.calls].some((name) => names.has(name)) && add(info)) changed = true;
    }
  }
  return names;
}

function classNameOf(parents: readonly Node[]): string | undefined {
  const owner = parents.at(parents.at(-1)?.type === 'ClassProperty' ? -3 : -2);
  if (owner?.type !== 'ClassDeclaration' && owner?.type !== 'ClassExpression') return undefined;
  return owner.id?.name;
}

/** True for the call that makes a model (`tf.sequential(…)`, `new tf.Sequential()`, `tf.model(…)`). */
export function isModelCall(node: Node, statics: Statics): boolean {
  return (
    (node.type === 'CallExpression' || node.type === 'NewExpression') &&
    isBuildingCallee(node.callee, statics.aliases) === 'model'
  );
}
