import type { Node } from '@babel/types';
import { bare, propertyName, walk } from './syntax.ts';

const TF_PACKAGE = /^@tensorflow\/tfjs/;
const MAKERS = new Set(['sequential', 'model', 'Sequential', 'LayersModel']);
const TF_NAMES = /^(tf|tfl|tfc|tfjs|tfn|tensorflow)$/;

/** The name a call goes by: `f(…)` and `a.b.f(…)` → `f`. */
export function calleeName(node: Node): string | undefined {
  const callee = bare(node);
  return callee.type === 'Identifier' ? callee.name : propertyName(callee);
}

/** The component that `createElement(Net, …)` names. */
export function createdComponent(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || calleeName(node.callee) !== 'createElement') return undefined;
  const [type] = node.arguments;
  return type?.type === 'Identifier' ? type.name : undefined;
}

function stringOf(node: Node | undefined | null): string | undefined {
  return node?.type === 'StringLiteral' ? node.value : undefined;
}

/** True for `tf.layers.dense`, `layers.dense`, `tf.sequential`, `tf.input` and their like, under any alias. */
export function isBuildingCallee(node: Node, aliases: ReadonlySet<string>): 'model' | 'layer' | undefined {
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

/** The names under which a source knows TensorFlow.js and its parts, what it imports and loads, and its classes. */
export function collectAliases(root: Node): {
  aliases: Set<string>;
  imports: string[];
  loadedModels: string[];
  modelPaths: string[];
  classes: Set<string>;
} {
  const aliases = new Set<string>();
  const imports: string[] = [];
  const loadedModels: string[] = [];
  const modelPaths: string[] = [];
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
    } else if (node.type === 'StringLiteral' && /\.json$/i.test(node.value)) modelPaths.push(node.value);
    else if (node.type === 'TemplateElement' && /\.json$/i.test(node.value.raw))
      modelPaths.push(node.value.raw);
    else if (node.type === 'VariableDeclarator' && node.init) {
      const init = bare(node.init);
      const required =
        init.type === 'CallExpression' && calleeName(init.callee) === 'require'
          ? stringOf(init.arguments[0] as Node)
          : undefined;
      if (required !== undefined && TF_PACKAGE.test(required)) pattern(node.id);
      if (init.type === 'Identifier' && (aliases.has(init.name) || TF_NAMES.test(init.name)))
        pattern(node.id);
      const isLayers =
        propertyName(init) === 'layers' ||
        (init.type === 'Identifier' && (init.name === 'layers' || aliases.has(`layers=${init.name}`)));
      if (isLayers && node.id.type === 'Identifier') aliases.add(`layers=${node.id.name}`);
      if (isLayers && node.id.type === 'ObjectPattern') pattern(node.id);
    }
    return true;
  });
  return { aliases, imports, loadedModels, modelPaths, classes };
}
