import type { Node } from '@babel/types';
import type { LayerSpec, ModelSpec } from '../../model/spec.ts';
import { setProperty, type TextEdit } from './editConfig.ts';
import { Refused } from '../refused.ts';
import { configOf, keyOf } from './places.ts';
import { bare, propertyName, walk, type Syntax } from './syntax.ts';

type Config = Extract<Node, { type: 'ObjectExpression' }>;

/** Where a layer is made: the call, and its config when there is one. */
export interface Target {
  readonly call: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;
  readonly object: Config | undefined;
  /** The object literal that several calls may share, else the call itself. */
  readonly shared: Node;
}

/** Finds the calls that make the layers of a source and gathers the edits of their configs. Throws Refused, with the place, where a call or config cannot be named. */
export class SourceEditor {
  readonly syntax: Syntax;
  private readonly spec: ModelSpec;
  readonly edits: TextEdit[] = [];

  constructor(syntax: Syntax, spec: ModelSpec) {
    this.syntax = syntax;
    this.spec = spec;
  }

  place(node: Node): string {
    const line = this.syntax.text.slice(0, node.start ?? 0).split('\n').length;
    return `${this.spec.file}:${line}`;
  }

  private callAt(start: number, end: number): Target['call'] | undefined {
    let found: Target['call'] | undefined;
    walk(this.syntax.file.program, (node) => {
      if ((node.start ?? 0) > start || (node.end ?? 0) < end) return false;
      if (
        (node.type === 'CallExpression' || node.type === 'NewExpression') &&
        node.start === start &&
        node.end === end
      )
        found = node;
      return true;
    });
    return found;
  }

  /** The call that makes a layer, by the layer's first origin. */
  target(layer: LayerSpec): Target {
    const origin = layer.origins[0];
    if (origin === undefined || origin.kind !== 'layer')
      throw new Refused(this.spec.file, `the place of "${layer.id}" is not known`);
    if (origin.file !== this.spec.file)
      throw new Refused(origin.file, `"${layer.id}" is made in another file`);
    const call = this.callAt(origin.range.start, origin.range.end);
    if (call === undefined) throw new Refused(this.spec.file, 'the source has changed since it was read');
    return this.configTarget(call);
  }

  private configTarget(call: Target['call']): Target {
    const first = call.arguments[0];
    if (first === undefined) return { call, object: undefined, shared: call };
    const config = configOf(call, this.syntax.file.program);
    if (config === undefined) {
      const written = this.syntax.text.slice(first.start ?? 0, first.end ?? 0).slice(0, 40);
      throw new Refused(this.place(call), `the config of this layer is computed (${written})`);
    }
    return { call, object: config.object, shared: config.variable === undefined ? call : config.object };
  }

  /** The layer inside a wrapper's config (`layer`, `cell`), where the wrapped weights are set. */
  inside(target: Target, key: string): Target {
    const property = target.object?.properties.find((entry) => keyOf(entry) === key);
    const value = property?.type === 'ObjectProperty' ? bare(property.value) : undefined;
    let call = value;
    if (value?.type === 'Identifier') {
      const found: Node[] = [];
      walk(this.syntax.file.program, (node) => {
        if (
          node.type === 'VariableDeclarator' &&
          node.id.type === 'Identifier' &&
          node.id.name === value.name &&
          node.init
        )
          found.push(bare(node.init));
        if (
          node.type === 'AssignmentExpression' &&
          node.left.type === 'Identifier' &&
          node.left.name === value.name
        )
          found.push(bare(node.right));
      });
      call = found.length === 1 ? found[0] : undefined;
    }
    if (call?.type !== 'CallExpression')
      throw new Refused(
        this.place(target.call),
        'the wrapped layer is not made in a place that can be named',
      );
    return this.configTarget(call);
  }

  /** The name by which TensorFlow.js is reached where the layer is made (`tf` in `tf.layers.dense`). */
  namespace(call: Target['call']): string | undefined {
    const callee = bare(call.callee);
    const owner = callee.type === 'MemberExpression' ? bare(callee.object) : undefined;
    if (owner?.type === 'MemberExpression' && propertyName(owner) === 'layers')
      return this.syntax.text.slice(owner.object.start ?? 0, owner.object.end ?? 0);
    let found: string | undefined;
    walk(this.syntax.file.program, (node) => {
      if (node.type === 'ImportNamespaceSpecifier' && /^tf/.test(node.local.name)) found = node.local.name;
    });
    return found;
  }

  apply(target: Target, key: string, value: string): void {
    this.edits.push(
      ...setProperty(this.syntax, target.call, target.object, key, value, (node) => this.place(node)),
    );
  }
}
