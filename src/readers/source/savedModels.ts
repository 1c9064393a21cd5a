import type { Files } from '../../model/measurer.ts';
import { chained } from '../../model/chained.ts';
import type { Json } from '../../model/json.ts';
import { InputError } from '../../model/problem.ts';
import {
  isInput,
  isRawRef,
  type RawCall,
  type RawLayer,
  type RawModel,
  type RawRef,
} from '../../model/rawModel.ts';
import { decodeText } from '../text.ts';
import { documentOf } from '../json/document.ts';
import { manifestWeights } from '../json/manifest.ts';
import { modelOf } from '../json/model.ts';
import { parseJson } from '../json/parse.ts';
import { savedLookup } from '../savedNames.ts';
import type { SavedLookup } from '../withSaved.ts';

/** A model file of the project that a source loads; `raw` is a graph, whatever the file holds. */
export interface SavedModel {
  readonly path: string;
  readonly raw: RawModel;
  /** The file says where its weights lie: what its initializers draw is replaced. */
  readonly weights: boolean;
  /** Where they lie, when they are there. */
  readonly lookup?: SavedLookup;
}

/** The model files that a source loads, and the names it loads them by (without `file://`). */
export interface SavedModels {
  readonly models: readonly SavedModel[];
  readonly names: readonly (readonly [name: string, model: number])[];
}

/** `[layer, call, output]`, the layer by its index. */
type Ref = readonly [number, number, number];

/** A saved model as the sandbox is told it: names, classes and calls, no configs. */
export interface SavedTopology {
  readonly name: string;
  readonly layers: readonly {
    readonly name: string;
    readonly className: string;
    readonly input: boolean;
    /** The input that a Sequential leaves implicit: not one of its `layers`. */
    readonly implicit: boolean;
    readonly calls: readonly {
      readonly inputs: readonly Ref[];
      /** Key, tensors, or else null and the value. */
      readonly kwargs: readonly (readonly [string, readonly Ref[] | null, Json])[];
    }[];
  }[];
  readonly inputs: readonly Ref[];
  readonly outputs: readonly Ref[];
}

const MOST_MODELS = 8;
const MAX_BYTES = 8_000_000;

async function savedModel(path: string, files: Files): Promise<SavedModel | undefined> {
  if ((await files.size(path)) > MAX_BYTES) return undefined;
  try {
    const document = documentOf(parseJson(decodeText(await files.read(path))));
    if (document.kind !== 'model') return undefined;
    const byName =
      document.manifest === undefined
        ? undefined
        : (await manifestWeights(document.manifest, path, files)).byName;
    return {
      path,
      raw: chained(modelOf({ file: path }, document.model)),
      weights: byName !== undefined,
      ...(byName === undefined || byName.size === 0 ? {} : { lookup: savedLookup(byName) }),
    };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Reads the model files that a source may load by these texts: those of its project only; others are passed over. */
export async function gatherSaved(
  base: string,
  texts: readonly string[],
  files: Files,
): Promise<SavedModels> {
  const models: SavedModel[] = [];
  const names: [string, number][] = [];
  for (const name of new Set(texts.map((text) => text.replace(/^file:\/\//, '')))) {
    if (models.length >= MOST_MODELS) break;
    if (name.includes('://')) continue;
    const path = files.imported === undefined ? files.beside(base, name) : await files.imported(base, name);
    if (path === undefined || !(await files.exists(path))) continue;
    let index = models.findIndex((model) => model.path === path);
    if (index < 0) {
      const model = await savedModel(path, files);
      if (model === undefined) continue;
      index = models.push(model) - 1;
    }
    names.push([name, index]);
  }
  return { models, names };
}

/** The calls of a layer; files do not write the one of an input. */
const callsOf = (layer: RawLayer): readonly RawCall[] => (isInput(layer) ? [{ inputs: [] }] : layer.calls);

/** What the sandbox is told of a saved model. */
export function topologyOf({ raw }: SavedModel): SavedTopology {
  const index = new Map(raw.layers.map(({ name }, at) => [name, at]));
  const refOf = ({ layer, call, output }: RawRef): Ref => [index.get(layer) ?? 0, call, output];
  return {
    name: raw.name,
    layers: raw.layers.map((layer) => ({
      name: layer.name,
      className: layer.className,
      input: isInput(layer),
      implicit: isInput(layer) && layer.name === `${raw.layers[1]?.name ?? ''}_input`,
      calls: callsOf(layer).map(({ inputs, kwargs = {} }) => ({
        inputs: inputs.map(refOf),
        kwargs: Object.entries(kwargs).map(([key, value]): [string, Ref[] | null, Json] => {
          const refs = (Array.isArray(value) ? value : [value]).filter(isRawRef);
          return refs.length > 0 ? [key, refs.map(refOf), null] : [key, null, value as Json];
        }),
      })),
    })),
    inputs: raw.inputs.map(refOf),
    outputs: raw.outputs.map(refOf),
  };
}
