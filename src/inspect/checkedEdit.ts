import { applyChanges } from '../model/applyChanges.ts';
import { type EditResult, type ModelChange, setsInitializer } from '../model/change.ts';
import type { LayerSpec, ModelSpec } from '../model/spec.ts';
import { editedPart } from '../readers/editedPart.ts';
import { editModels } from '../readers/formats.ts';
import type { Reading } from './reading.ts';

const measured = ({ kind, activation, weights }: LayerSpec): unknown => [
  kind,
  activation?.id ?? 'linear',
  weights.map(({ name, shape, initializer: { id, params } }) => [name, shape, id, params]),
];

/** What is measured of every call of a model, in its order, whatever the layers are named. */
function calls({ nodes, layers }: ModelSpec): readonly { readonly layer: string; readonly is: string }[] {
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  return nodes.map(({ layer, outputs }) => {
    const found = byId.get(layer);
    return { layer, is: JSON.stringify([outputs, found === undefined ? [] : measured(found)]) };
  });
}

/** The first layer in which two models differ; undefined when they are measured alike. */
function difference(wanted: ModelSpec, made: ModelSpec): string | undefined {
  const [left, right] = [calls(wanted), calls(made)];
  const at = left.findIndex(({ is }, index) => is !== right[index]?.is);
  if (at >= 0) return left[at]?.layer;
  return left.length === right.length ? undefined : right[left.length]?.layer;
}

/**
 * Changes as edits of a text. Edits of activations and sizes are given only when the edited text, read again, is the very model that
 * Measure would have measured; `read` reads a text in the file's place.
 */
export async function checkedEdit(
  text: string,
  spec: ModelSpec,
  changes: readonly ModelChange[],
  read: (text: string) => Promise<Reading>,
): Promise<EditResult> {
  const result = editModels(text, spec, changes);
  const [edit] = result.ok ? result.edits : [];
  if (edit === undefined || changes.every(setsInitializer)) return result;
  const { models, problems } = await read(editedPart(text, 0, text.length, edit.edits));
  const refuse = (reason: string): EditResult => ({ ok: false, refusal: { place: spec.file, reason } });
  const made = models.find(({ id }) => id === spec.id);
  const [problem] = problems.filter(({ severity }) => severity === 'error');
  if (made === undefined || problem !== undefined)
    return refuse(`The changed file could not be read: ${problem?.message ?? 'it holds no such model'}`);
  const differs = difference(applyChanges(spec, changes), made);
  return differs === undefined
    ? result
    : refuse(`Other parts of the file depend on this: ${differs} would not become what was asked for.`);
}
