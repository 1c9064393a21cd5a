import type { Node } from '@babel/types';
import type { Origin, OriginKind, TextRange } from '../../model/origin.ts';
import type { Program } from './program.ts';
import { bare, walk } from './syntax.ts';

/** Where a call's config stands: in the call, in a variable, or nowhere that can be named. */
interface ConfigPlace {
  readonly object: Extract<Node, { type: 'ObjectExpression' }>;
  readonly variable?: string;
}

/** The range of a node. */
export function rangeOf(node: Node): TextRange {
  return { start: node.start ?? 0, end: node.end ?? 0 };
}

/** The only object literal that a name is declared with in this tree; undefined when there is none or more than one. */
function objectOfVariable(root: Node, name: string): Extract<Node, { type: 'ObjectExpression' }> | undefined {
  const found: Extract<Node, { type: 'ObjectExpression' }>[] = [];
  let declared = 0;
  walk(root, (node) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === name) {
      declared += 1;
      const init = node.init ? bare(node.init) : undefined;
      if (init?.type === 'ObjectExpression') found.push(init);
    }
    if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier' && node.left.name === name)
      declared += 1;
  });
  return declared === 1 ? found[0] : undefined;
}

/** The config object of a layer call. */
export function configOf(call: Node, root: Node): ConfigPlace | undefined {
  if (call.type !== 'CallExpression' && call.type !== 'NewExpression') return undefined;
  const first = call.arguments[0];
  if (first === undefined) return undefined;
  const argument = bare(first);
  if (argument.type === 'ObjectExpression') return { object: argument };
  if (argument.type !== 'Identifier') return undefined;
  const object = objectOfVariable(root, argument.name);
  return object === undefined ? undefined : { object, variable: argument.name };
}

/** The name of a property as written, when it is not computed. */
export function keyOf(property: Node): string | undefined {
  if ((property.type !== 'ObjectProperty' && property.type !== 'ObjectMethod') || property.computed)
    return undefined;
  if (property.key.type === 'Identifier') return property.key.name;
  return property.key.type === 'StringLiteral' ? property.key.value : undefined;
}

const camel = (key: string): string =>
  key.replace(/_([a-z0-9])/g, (_m, letter: string) => letter.toUpperCase());

/** Turns site numbers into places. */
export class Places {
  private readonly program: Program;

  constructor(program: Program) {
    this.program = program;
  }

  file(site: number): string {
    return this.program.units.units[this.program.sites[site]?.file ?? 0]?.path ?? '';
  }

  node(site: number): Node | undefined {
    return this.program.sites[site]?.node;
  }

  root(site: number): Node | undefined {
    return this.program.units.units[this.program.sites[site]?.file ?? 0]?.source?.syntax.file.program;
  }

  origin(site: number, kind: OriginKind, node = this.node(site)): Origin {
    return { file: this.file(site), range: node === undefined ? { start: 0, end: 0 } : rangeOf(node), kind };
  }

  /** 1-based line of a site. */
  line(site: number): number {
    const unit = this.program.units.units[this.program.sites[site]?.file ?? 0];
    const text = unit?.source?.syntax.text ?? '';
    return text.slice(0, this.node(site)?.start ?? 0).split('\n').length;
  }

  /** What the source writes at a node. */
  text(site: number, node: Node): string {
    const unit = this.program.units.units[this.program.sites[site]?.file ?? 0];
    return (unit?.source?.syntax.text ?? '')
      .slice(node.start ?? 0, node.end ?? 0)
      .replace(/\s+/g, ' ')
      .slice(0, 60);
  }

  property(site: number, ...keys: readonly string[]): Node | undefined {
    let call = this.node(site);
    const root = this.root(site);
    for (let index = 0; index < keys.length; index += 1) {
      if (call === undefined || root === undefined) return undefined;
      const key = camel(keys[index] ?? '');
      if (key === 'config') continue;
      const object = call.type === 'ObjectExpression' ? call : configOf(call, root)?.object;
      const property = object?.properties.find(
        (entry) => keyOf(entry) === key || keyOf(entry) === keys[index],
      );
      if (property === undefined) return undefined;
      call = property.type === 'ObjectProperty' ? bare(property.value) : property;
    }
    return call;
  }

  /** The layer call, then the calls of helpers that led to it, then initializers and activation. */
  layerOrigins(sites: readonly number[]): Origin[] {
    const own = sites[0];
    if (own === undefined || own < 0) return [];
    const origins = [this.origin(own, 'layer')];
    let inner = own;
    for (const site of sites.slice(1)) {
      const node = this.node(site);
      const below = this.node(inner);
      if (node === undefined || below === undefined) continue;
      const contains =
        this.file(site) === this.file(inner) &&
        (node.start ?? 0) <= (below.start ?? 0) &&
        (node.end ?? 0) >= (below.end ?? 0);
      if (!contains && this.program.sites[site]?.fn !== this.program.sites[inner]?.fn)
        origins.push(this.origin(site, 'call'));
      inner = site;
    }
    const root = this.root(own);
    const call = this.node(own);
    const config = call === undefined || root === undefined ? undefined : configOf(call, root);
    for (const property of config?.object.properties ?? []) {
      const key = keyOf(property);
      if (key === undefined || property.type !== 'ObjectProperty') continue;
      if (/Initializer$/.test(key) || key === 'unitForgetBias')
        origins.push({ ...this.origin(own, 'initializer', property.value), weight: key });
      if (key === 'activation') origins.push(this.origin(own, 'activation', property.value));
    }
    return origins;
  }
}
