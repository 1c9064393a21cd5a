import type { Node } from '@babel/types';
import { calleeName, collectAliases, createdComponent, isBuildingCallee } from './aliases.ts';
import { bare, childrenOf, isFunction, propertyName, tagName, type Syntax } from './syntax.ts';

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
  /** The calls that make models: `tf.sequential(…)`, `new tf.Sequential()`, `tf.model(…)`. */
  readonly modelCalls: ReadonlySet<Node>;
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

/** React's calls that give back the function they are given, or one that is called as it is. */
const PASSING = new Set(['memo', 'forwardRef', 'useCallback', 'observer']);

function passesOn(node: Node | undefined): boolean {
  return (
    node !== undefined &&
    (bare(node) !== node || (node.type === 'CallExpression' && PASSING.has(calleeName(node.callee) ?? '')))
  );
}

function nameOf(node: Node, parents: readonly Node[]): string {
  if ('id' in node && node.id !== null && typeof node.id === 'object' && 'name' in node.id)
    return String(node.id.name);
  if ('key' in node && typeof node.key === 'object' && node.key !== null && 'name' in node.key)
    return String(node.key.name);
  let at = parents.length - 1;
  while (passesOn(parents[at])) at -= 1;
  const parent = parents[at];
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
  const modelCalls = new Set<Node>();
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
      if (kind === 'model') {
        current.createsModel = true;
        modelCalls.add(node);
      }
      if (kind !== undefined) current.builds = true;
      const name = calleeName(node.callee);
      if (name !== undefined && !COMMON.has(name)) current.calls.add(name);
      const made = createdComponent(node);
      if (made !== undefined) current.calls.add(made);
    }
    if (node.type === 'JSXOpeningElement') {
      const name = tagName(node.name);
      if (name !== undefined) current.calls.add(name);
    }
    parents.push(node);
    for (const child of childrenOf(node)) visit(child, parents, current);
    parents.pop();
  };
  visit(syntax.file.program, [], top);
  return { functions, modelCalls, top, aliases, imports, loadedModels, modelPaths, classes };
}

/** Classes that show something, as React's components do. */
export function componentClasses(infos: readonly FunctionInfo[]): ReadonlySet<string> {
  return new Set(
    infos.flatMap(({ name, className }) => (name === 'render' && className !== undefined ? [className] : [])),
  );
}

/** The component around a function: a function with a capital, or a class that shows something. */
function componentOf(info: FunctionInfo, classes: ReadonlySet<string>): string | undefined {
  for (let at: FunctionInfo | undefined = info; at !== undefined; at = at.parent) {
    if (at.className !== undefined && classes.has(at.className)) return at.className;
    if (at !== info && /^[A-Z]/.test(at.name)) return at.name;
  }
  return undefined;
}

/** The names of functions (over all sources given) that make layers or models, themselves or through others. */
export function buildingNames(all: readonly Statics[]): ReadonlySet<string> {
  const infos = all.flatMap((statics) => [...statics.functions.values()]);
  const components = componentClasses(infos);
  const names = new Set<string>();
  const add = (info: FunctionInfo): boolean => {
    const name = info.name === 'constructor' ? (info.className ?? '') : info.name;
    if (name === '' || COMMON.has(name) || names.has(name)) return false;
    names.add(name);
    return true;
  };
  const addAll = (info: FunctionInfo): boolean => {
    const own = add(info);
    const component = componentOf(info, components);
    if (component === undefined || names.has(component)) return own;
    names.add(component);
    return true;
  };
  for (const info of infos) if (info.builds) addAll(info);
  for (let changed = true; changed;) {
    changed = false;
    for (const info of infos) {
      if ([...info.calls].some((name) => names.has(name)) && addAll(info)) changed = true;
    }
  }
  return names;
}

function classNameOf(parents: readonly Node[]): string | undefined {
  const owner = parents.at(parents.at(-1)?.type === 'ClassProperty' ? -3 : -2);
  if (owner?.type !== 'ClassDeclaration' && owner?.type !== 'ClassExpression') return undefined;
  return owner.id?.name;
}
