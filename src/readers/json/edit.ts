import type { JsonNode } from './node.ts';
import { type EditResult, type FileEdit, type ModelChange, setsInitializer } from '../../model/change.ts';
import { contentHash } from '../../model/hash.ts';
import type { InitializerSpec } from '../../model/initializers/initializer.ts';
import { spellInitializer } from '../../model/initializers/spell.ts';
import type { Json } from '../../model/json.ts';
import { spelledKeys } from '../../model/layers/keys.ts';
import { InputError } from '../../model/problem.ts';
import type { LayerSpec, ModelSpec, WeightSpec } from '../../model/spec.ts';
import { Refused } from '../refused.ts';
import { withoutMark } from '../text.ts';
import { documentOf } from './document.ts';
import { layerEdits, type LayerPlace } from './editLayers.ts';
import { repetitions } from './repetitions.ts';
import { type JsonModel, modelOf } from './model.ts';
import { member, parseJson, propertyOf, rangeOf } from './parse.ts';
import { lineIndent, styleAt, writeJson } from './style.ts';

type TextEdit = FileEdit['edits'][number];

/** Where the layers stand, by layer id. */
function placesOf(model: JsonModel, prefix: string, into: Map<string, LayerPlace>): Map<string, LayerPlace> {
  const row = model.kind === 'sequential' ? model.layers.map(({ node }) => node) : [];
  for (const layer of model.layers) {
    if (layer.model !== undefined) placesOf(layer.model, `${prefix}${layer.name}/`, into);
    else into.set(prefix + layer.name, { config: layer.configNode, object: layer.node, row });
  }
  return into;
}

const isPlain = (json: Json): boolean => {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  const config = (json as { readonly [key: string]: Json })['config'];
  return (
    typeof config === 'object' && config !== null && Object.values(config).every((value) => value === null)
  );
};

const snake = (name: string): string => name.replace(/(?<=[a-z])([A-Z])/g, '_$1').toLowerCase();

/** The new value: a name where the file uses names (Keras 1 must), else the serialized form. */
function valueFor(
  spec: InitializerSpec,
  model: ModelSpec,
  key: string,
  old: JsonNode | undefined,
  place: string,
): Json {
  const target = model.semantics.value;
  const keras1 = /(^|\/)(init|inner_init|\w+_init)$/.test(key);
  const byName = keras1 || old?.type === 'string';
  const spelled = spellInitializer(spec, target, { version: model.framework });
  if (spelled === undefined)
    throw new Refused(place, `${model.framework} has no way to write ${spec.written}.`);
  if (!byName) return spelled.json;
  const modern = spellInitializer(spec, target);
  const className =
    modern !== undefined && isPlain(modern.json) ? textIn(modern.json, 'class_name') : undefined;
  const name = className === undefined ? undefined : target === 'tfjs' ? spec.id : snake(className);
  if (name !== undefined && (className !== 'VarianceScaling' || target === 'tfjs')) {
    const trapped = target === 'tfjs' && spec.id === 'varianceScaling';
    if (!trapped) return name;
  }
  if (keras1)
    throw new Refused(place, `Keras 1 takes initializers by name only, and ${spec.id} has none there.`);
  return spelled.json;
}

function textIn(json: Json, key: string): string | undefined {
  const value =
    typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as { readonly [key: string]: Json })[key]
      : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Adds `"key": value` as the last property of an object. */
export function appended(text: string, object: JsonNode, key: string, value: Json): TextEdit {
  const style = styleAt(text, object);
  const last = object.children?.at(-1);
  if (last === undefined) {
    const at = object.offset + 1;
    return {
      range: { start: at, end: at },
      text: `${JSON.stringify(key)}${style.colon}${writeJson(value, { ...style, comma: style.comma }, '')}`,
    };
  }
  const at = last.offset + last.length;
  const outer = lineIndent(text, last.offset);
  const before =
    outer === undefined || style.indent === undefined ? style.comma : `,${style.newline}${outer}`;
  return {
    range: { start: at, end: at },
    text: `${before}${JSON.stringify(key)}${style.colon}${writeJson(value, style, outer ?? '')}`,
  };
}

/** The indentation of the line on which a node starts. */
function indentOfLine(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

function replaced(text: string, parent: JsonNode, old: JsonNode, value: Json): TextEdit {
  const outer = styleAt(text, parent);
  const inner = old.type === 'object' && (old.children?.length ?? 0) > 0 ? styleAt(text, old) : outer;
  const multiline =
    old.type === 'object'
      ? text.slice(old.offset, old.offset + old.length).includes('\n')
      : outer.indent !== undefined;
  const { indent, ...flat } = inner;
  const style = multiline && indent !== undefined ? { ...flat, indent } : flat;
  return { range: rangeOf(old), text: writeJson(value, style, indentOfLine(text, old.offset)) };
}

/** The flag that an LSTM's forget bias is written with, in the config that holds it. */
function forgetBias(text: string, config: JsonNode, spec: InitializerSpec, place: string): TextEdit {
  if (spec.params['forget'] !== 1)
    throw new Refused(place, 'A forget bias other than 1 has no key in the config.');
  const property = propertyOf(config, 'unit_forget_bias') ?? propertyOf(config, 'unitForgetBias');
  const old = property?.children?.[1];
  return old === undefined
    ? appended(text, config, 'unit_forget_bias', true)
    : { range: rangeOf(old), text: 'true' };
}

function editWeight(
  text: string,
  layerConfig: JsonNode,
  layer: LayerSpec,
  weight: WeightSpec,
  spec: InitializerSpec,
  model: ModelSpec,
): TextEdit {
  const place = `${layer.id} ${weight.name}`;
  const path = weight.key.split('/');
  const folder = path
    .slice(0, -1)
    .flatMap((part) =>
      /^\d+$/.test(part) ? [part, 'config'] : part === 'cells' ? [part] : [part, 'config'],
    );
  const config = folder.length === 0 ? layerConfig : member(layerConfig, ...folder);
  if (config === undefined)
    throw new Refused(place, `The config of "${layer.id}" has no ${path.slice(0, -1).join('.')}.`);
  if (spec.id === 'forgetGateOnes') return forgetBias(text, config, spec, place);
  const key = spelledKeys(weight.key)
    .map((item) => item.split('/').at(-1) ?? item)
    .find((item) => propertyOf(config, item) !== undefined);
  const old = key === undefined ? undefined : member(config, key);
  const canonical = path.at(-1) === 'unit_forget_bias' ? 'bias_initializer' : (path.at(-1) ?? '');
  const value = valueFor(spec, model, key ?? canonical, old, place);
  return key === undefined || old === undefined
    ? appended(text, config, canonical, value)
    : replaced(text, config, old, value);
}

/** Two weights may share one key (a backward layer that is not written): then they can only change together. */
function merged(edits: readonly TextEdit[]): TextEdit[] {
  const byStart = new Map<string, TextEdit>();
  for (const edit of edits) {
    const key = `${edit.range.start}:${edit.range.end}${edit.range.start === edit.range.end ? edit.text : ''}`;
    const other = byStart.get(key);
    if (other !== undefined && other.text !== edit.text)
      throw new Refused('', 'Two weights share one place in the file and would need different initializers.');
    byStart.set(key, edit);
  }
  return [...byStart.values()].sort((a, b) => a.range.start - b.range.start);
}

/**
 * Changes as edits of a Keras or TF.js JSON text, each replacing one initializer value or adding its key, in the layout that
 * stands around it. Refuses, with the place, what the file's framework cannot write, and a text other than the one read.
 */
export function editJson(given: string, spec: ModelSpec, changes: readonly ModelChange[]): EditResult {
  const text = withoutMark(given);
  const refuse = (place: string, reason: string): EditResult => ({ ok: false, refusal: { place, reason } });
  if (contentHash(text) !== spec.contentHash)
    return refuse(spec.file, 'The file has changed since it was read.');
  try {
    const document = documentOf(parseJson(text));
    if (document.kind !== 'model') return refuse(spec.file, 'The file holds no model.');
    const places = placesOf(modelOf({ file: spec.file }, document.model), '', new Map());
    const edits: TextEdit[] = layerEdits({ text, spec, places, changes });
    for (const change of changes.filter(setsInitializer)) {
      for (const id of change.layers) {
        const layer = spec.layers.find((item) => item.id === id);
        const weight = layer?.weights.find((item) => item.name === change.weight);
        const config = places.get(id)?.config;
        if (layer === undefined || weight === undefined || config === undefined)
          return refuse(`${id} ${change.weight}`, 'This weight does not stand in the file.');
        edits.push(editWeight(text, config, layer, weight, change.initializer, spec));
      }
    }
    const parts = merged(edits);
    const copies = repetitions({ text, spec, places, changes }, parts);
    const all = [...parts, ...copies].sort((a, b) => a.range.start - b.range.start);
    return { ok: true, edits: [{ file: spec.file, contentHash: spec.contentHash, edits: all }] };
  } catch (error) {
    if (error instanceof Refused) return refuse(error.place, error.message);
    if (error instanceof InputError) return refuse(spec.file, error.problem.message);
    throw error;
  }
}
