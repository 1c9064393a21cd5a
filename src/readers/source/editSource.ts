import type { Node } from '@babel/types';
import type { Change, DepthChange, EditResult, FileEdit, ModelChange } from '../../model/change.ts';
import { contentHash } from '../../model/hash.ts';
import { spellActivation } from '../../model/activations/spell.ts';
import { spellInitializer } from '../../model/initializers/spell.ts';
import { InputError } from '../../model/problem.ts';
import { widthKey } from '../../model/resize.ts';
import type { LayerSpec, ModelSpec } from '../../model/spec.ts';
import { setProperty, type TextEdit } from './editConfig.ts';
import { Refused } from '../refused.ts';
import { configOf, keyOf, rangeOf } from './places.ts';
import { repetition } from './repetition.ts';
import { bare, parseSource, propertyName, walk, type Syntax } from './syntax.ts';

type Config = Extract<Node, { type: 'ObjectExpression' }>;

/** Where a layer is made: the call, and its config when there is one. */
interface Target {
  readonly call: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;
  readonly object: Config | undefined;
  /** The object literal that several calls may share, else the call itself. */
  readonly shared: Node;
}

function layersOf(spec: ModelSpec): LayerSpec[] {
  const all: LayerSpec[] = [];
  const add = (layer: LayerSpec): void => {
    all.push(layer);
    layer.inner?.forEach(add);
  };
  spec.layers.forEach(add);
  return all;
}

class Editor {
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

const camel = (key: string): string =>
  key.replace(/_([a-z0-9])/g, (_m, letter: string) => letter.toUpperCase());

/** The initializer as it is written in a config: a name where it has no parameters, else a call; undefined when TF.js has no word for it. */
function written(
  change: Change,
  editor: Editor,
  target: Target,
): { key?: string; value: string } | undefined {
  if (change.initializer.id === 'forgetGateOnes') return { key: 'unitForgetBias', value: 'true' };
  const spelling = spellInitializer(change.initializer, 'tfjs');
  if (spelling === undefined) return undefined;
  const plain = /^tf\.initializers\.(\w+)\(\{\}\)$/.exec(spelling.code);
  if (plain?.[1] !== undefined) return { value: `'${plain[1]}'` };
  const namespace = editor.namespace(target.call);
  if (namespace === undefined)
    throw new Refused(
      editor.place(target.call),
      `${spelling.code} needs a name for TensorFlow.js, and none is known here`,
    );
  return { value: spelling.code.replace(/^tf\b/, namespace) };
}

/** The key of a layer's config that a change sets, and the text of its new value. */
function setting(
  change: Exclude<ModelChange, DepthChange>,
  layer: LayerSpec,
  spec: ModelSpec,
  editor: Editor,
  target: Target,
): { readonly key: string; readonly value: string } {
  if ('width' in change) {
    const key = widthKey(layer);
    if (key === undefined) throw new Refused(editor.place(target.call), `"${layer.id}" states no width`);
    return { key, value: String(change.width) };
  }
  if ('activation' in change) {
    if (layer.kind === 'activation' && layer.className !== 'Activation')
      throw new Refused(editor.place(target.call), `${layer.className} is an activation by its class`);
    return { key: 'activation', value: `'${spellActivation(change.activation, spec.semantics.value)}'` };
  }
  const weight = layer.weights.find((entry) => entry.name === change.weight);
  if (weight === undefined) throw new Refused(spec.file, `"${layer.id}" has no weight "${change.weight}"`);
  const spelled = written(change, editor, target);
  if (spelled === undefined)
    throw new Refused(
      editor.place(target.call),
      `TensorFlow.js has no spelling for ${change.initializer.id}`,
    );
  return { key: spelled.key ?? camel(weight.key.replace(/^.*[./]/, '')), value: spelled.value };
}

/** Changes as edits of the calls that make the layers: one edit for all layers that a call makes. Refuses what it cannot do safely. */
export function editSource(text: string, spec: ModelSpec, changes: readonly ModelChange[]): EditResult {
  const hash = contentHash(text);
  const refuse = (place: string, reason: string): EditResult => ({ ok: false, refusal: { place, reason } });
  if (hash !== spec.contentHash) return refuse(spec.file, 'the source has changed since it was read');
  try {
    const editor = new Editor(parseSource(spec.file, text), spec);
    const all = layersOf(spec);
    const byId = new Map(all.map((layer) => [layer.id, layer]));
    const done = new Map<Node, Map<string, { value: string; layers: Set<string> }>>();
    for (const change of changes) {
      if ('times' in change) continue;
      for (const id of change.layers) {
        const layer = byId.get(id);
        if (layer === undefined) return refuse(spec.file, `there is no layer "${id}"`);
        let target = editor.target(layer);
        if (/Bidirectional|TimeDistributed/.test(layer.className)) target = editor.inside(target, 'layer');
        else if (layer.className === 'RNN') target = editor.inside(target, 'cell');
        const spelled = setting(change, layer, spec, editor, target);
        const { key } = spelled;
        const own = done.get(target.shared) ?? new Map<string, { value: string; layers: Set<string> }>();
        done.set(target.shared, own);
        const before = own.get(key);
        if (before === undefined) {
          own.set(key, { value: spelled.value, layers: new Set([id]) });
          editor.apply(target, key, spelled.value);
        } else if (before.value !== spelled.value) {
          return refuse(
            editor.place(target.call),
            `one call makes several layers, which cannot be given a different ${key} each`,
          );
        } else before.layers.add(id);
      }
    }
    const left = leftOut(editor, all, done);
    if (left !== undefined) return refuse(left.place, left.message);
    const copies = changes.flatMap((change) =>
      'times' in change
        ? change.layers.map((id) =>
            repetition(editor, spec, id, change.times, (each) => editor.target(each).call),
          )
        : [],
    );
    const edits = [...editor.edits, ...copies].sort((a, b) => a.range.start - b.range.start);
    const edit: FileEdit = { file: spec.file, contentHash: hash, edits };
    return { ok: true, edits: edits.length === 0 ? [] : [edit] };
  } catch (error) {
    if (error instanceof Refused) return refuse(error.place, error.message);
    if (error instanceof InputError) return refuse(spec.file, error.problem.message);
    throw error;
  }
}

/** A layer made by an edited call that the changes do not name: the edit would change it too. */
function leftOut(
  editor: Editor,
  all: readonly LayerSpec[],
  done: ReadonlyMap<Node, ReadonlyMap<string, { readonly layers: ReadonlySet<string> }>>,
): Refused | undefined {
  const shared = [...done.keys()].map((node) => rangeOf(node));
  for (const layer of all) {
    if (layer.weights.length === 0) continue;
    let target: Target;
    try {
      target = editor.target(layer);
    } catch (error) {
      if (error instanceof Refused) continue;
      throw error;
    }
    if (!shared.some((range) => range.start === target.shared.start && range.end === target.shared.end))
      continue;
    for (const entry of done.get(target.shared)?.values() ?? []) {
      if (!entry.layers.has(layer.id))
        return new Refused(
          editor.place(target.call),
          `this call makes "${layer.id}" too: change all layers it makes together (${[...entry.layers, layer.id].join(', ')})`,
        );
    }
  }
  return undefined;
}
