import type { Node } from '@babel/types';
import type { EditResult, FileEdit, ModelChange } from '../../model/change.ts';
import { everyLayer } from '../../model/everyLayer.ts';
import { contentHash } from '../../model/hash.ts';
import { InputError } from '../../model/problem.ts';
import type { LayerSpec, ModelSpec } from '../../model/spec.ts';
import { Refused } from '../refused.ts';
import { editedSetting } from './editedSetting.ts';
import { rangeOf } from './places.ts';
import { repetition } from './repetition.ts';
import { SourceEditor, type Target } from './sourceEditor.ts';
import { parseSource } from './syntax.ts';

/** Changes as edits of the calls that make the layers: one edit for all layers that a call makes. Refuses what it cannot do safely. */
export function editSource(text: string, spec: ModelSpec, changes: readonly ModelChange[]): EditResult {
  const hash = contentHash(text);
  const refuse = (place: string, reason: string): EditResult => ({ ok: false, refusal: { place, reason } });
  if (hash !== spec.contentHash) return refuse(spec.file, 'the source has changed since it was read');
  try {
    const editor = new SourceEditor(parseSource(spec.file, text), spec);
    const all = everyLayer(spec.layers);
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
        const spelled = editedSetting(change, layer, spec, editor, target);
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
  editor: SourceEditor,
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
