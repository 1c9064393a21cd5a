import { spellActivation } from '../../model/activations/spell.ts';
import type { Change, DepthChange, ModelChange } from '../../model/change.ts';
import { spellInitializer } from '../../model/initializers/spell.ts';
import { widthKey } from '../../model/resize.ts';
import type { LayerSpec, ModelSpec } from '../../model/spec.ts';
import { Refused } from '../refused.ts';
import type { SourceEditor, Target } from './sourceEditor.ts';

const camel = (key: string): string =>
  key.replace(/_([a-z0-9])/g, (_m, letter: string) => letter.toUpperCase());

/** The initializer as it is written in a config: a name where it has no parameters, else a call; undefined when TF.js has no word for it. */
function written(
  change: Change,
  editor: SourceEditor,
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

/** The key of a layer's config that a change sets, and the text of its new value. Throws Refused where the config has no word for it. */
export function editedSetting(
  change: Exclude<ModelChange, DepthChange>,
  layer: LayerSpec,
  spec: ModelSpec,
  editor: SourceEditor,
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
