import type { Node } from '@babel/types';
import { bare, childrenOf, isFunction, propertyName, walk, type Syntax } from './syntax.ts';

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
  readonly classes: ReadonlySet<string>;
}

const TF_PACKAGE = /^@tensorflow\/tfjs/;
const MAKERS = new Set(['sequential', 'model', 'Sequential', 'LayersModel']);
const TF_NAMES = /^(tf|tfl|tfc|tfjs|tfn|tensorflow)$/;
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

/** The name a call goes by: `f(…)` and `a.b.f(…)` → `f`. */
export function calleeName(node: Node): string | undefined {
  const callee = bare(node);
  return callee.type === 'Identifier' ? callee.name : propertyName(callee);
}

function stringOf(node: Node | undefined | null): string | undefined {
  return node?.type === 'StringLiteral' ? node.value : undefined;
}

/** True for `tf.layers.dense`, `layers.dense`, `tf.sequential`, `tf.input` and their like, under any alias. */
function isBuildingCallee(node: Node, aliases: ReadonlySet<string>): 'model' | 'layer' | undefined {
  const callee = bare(node);
  if (callee.type === 'Identifier')
    return aliases.has(`=${callee.name}`)
      ? MAKERS.has(aliasTarget(callee.name, aliases))
        ? 'model'
        : 'layer'
      : undefined;
  const name = propertyName(callee);
  if (name === undefined || !('object' in callee)) return undefined;
  const owner = bare(callee.object);
  if (propertyName(owner) === 'layers') return 'layer';
  if (owner.type !== 'Identifier')
    return propertyName(owner) === 'tf' && MAKERS.has(name) ? 'model' : undefined;
  if (owner.name === 'layers' || aliases.has(`layers=${owner.name}`)) return 'layer';
  if (!aliases.has(owner.name) && !TF_NAMES.test(owner.name)) return undefined;
  if (MAKERS.has(name)) return 'model';
  return name === 'input' || name === 'Input' ? 'layer' : undefined;
}

function aliasTarget(name: string, aliases: ReadonlySet<string>): string {
  for (const maker of MAKERS) if (aliases.has(`=${name}:${maker}`)) return maker;
  return '';
}

function collectAliases(root: Node): {
  aliases: Set<string>;
  imports: string[];
  loadedModels: string[];
  classes: Set<string>;
} {
  const aliases = new Set<string>();
  const imports: string[] = [];
  const loadedModels: string[] = [];
  const classes = new Set<string>();
  const name = (local: string, imported: string): void => {
    if (imported === 'layers') aliases.add(`layers=${local}`);
    aliases.add(`=${local}`);
    aliases.add(`=${local}:${imported}`);
  };
  const pattern = (id: Node): void => {
    if (id.type === 'Identifier') aliases.add(id.name);
    if (id.type !== 'ObjectPattern') return;
    for (const property of id.properties) {
      if (property.type === 'ObjectProperty' && property.key.type === 'Identifier') {
        name(
          property.value.type === 'Identifier' ? property.value.name : property.key.name,
          property.key.name,
        );
      }
    }
  };
  walk(root, (node) => {
    if (node.type === 'ImportDeclaration') {
      if (node.importKind === 'type') return false;
      imports.push(node.source.value);
      if (TF_PACKAGE.test(node.source.value)) {
        for (const entry of node.specifiers) {
          if (entry.type !== 'ImportSpecifier') aliases.add(entry.local.name);
          else
            name(
              entry.local.name,
              entry.imported.type === 'Identifier' ? entry.imported.name : entry.imported.value,
            );
        }
      }
    } else if (
      (node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') &&
      node.source
    ) {
      imports.push(node.source.value);
    } else if (node.type === 'ClassDeclaration' && node.id) classes.add(node.id.name);
    else if (node.type === 'CallExpression') {
      const callee = calleeName(node.callee);
      const first = stringOf(node.arguments[0] as Node | undefined);
      if (first !== undefined && (callee === 'require' || node.callee.type === 'Import')) imports.push(first);
      if (first !== undefined && (callee === 'loadLayersModel' || callee === 'loadGraphModel'))
        loadedModels.push(first);
    } else if (node.type === 'VariableDeclarator' && node.init) {
      const init = bare(node.init);
      const required =
        init.type === 'CallExpression' && calleeName(init.callee) === 'require'
          ? stringOf(init.arguments[0] as Node)
          : undefined;
      if (required !== undefined && TF_PACKAGE.test(required)) pattern(node.id);
      if (init.type === 'Identifier' && (aliases.has(init.name) || TF_NAMES.test(init.name)))
        pattern(node.id);
      if (propertyName(init) === 'layers' && node.id.type === 'Identifier')
        aliases.add(`layers=${node.id.name}`);
    }
    return true;
  });
  return { aliases, imports, loadedModels, classes };
}

/** Finds the functions of a source and what each does to models. */
export function analyse(syntax: Syntax): Statics {
  const { aliases, imports, loadedModels, classes } = collectAliases(syntax.file.program);
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
  return { functions, top, aliases, imports, loadedModels, classes };
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
    if (
      node.type !== 'CallExpression' &&
      node.type !== 'NewExpression' &&
      node.type !== 'OptionalCallExpression'
    )
      return false;
    if (isBuildingCallee(node.callee, statics.aliases) !== undefined) return true;
    const name = calleeName(node.callee);
    if (name === undefined) return false;
    if (names.has(name)) return true;
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

/** True for the call that makes a model (`tf.sequential(…)`, `new tf.Sequential()`, `tf.model(…)`). */
export function isModelCall(node: Node, statics: Statics): boolean {
  return (
    (node.type === 'CallExpression' || node.type === 'NewExpression') &&
    isBuildingCallee(node.callee, statics.aliases) === 'model'
  );
}
