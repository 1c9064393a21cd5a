import type { Files, Hdf5File } from '../model/measurer.ts';
import { InputError } from '../model/problem.ts';
import type { FormatReader, ReadOptions, ReadResult, SourceFile } from '../model/reader.ts';
import type { SavedWeight } from '../model/spec.ts';
import type { JsonObject } from '../model/json.ts';
import { inside } from './inside.ts';
import { parseJson } from './json/parse.ts';
import { readDocument } from './json/read.ts';
import { savedLookup } from './savedNames.ts';

const MAGIC = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const EXPORT = 'open("model.json", "w").write(model.to_json())';

function textAttribute(file: Hdf5File, name: string): string | undefined {
  const value = file.attribute('/', name);
  return typeof value === 'string' ? value : undefined;
}

/** The names of a group's weights; Keras splits a list that exceeds an HDF5 header into `weight_names0`, `weight_names1` … */
function weightNames(hdf5: Hdf5File, group: string): readonly string[] {
  const whole = hdf5.attribute(group, 'weight_names');
  if (whole !== undefined) return typeof whole === 'string' ? [whole] : whole;
  const names: string[] = [];
  for (let part = 0; ; part++) {
    const some = hdf5.attribute(group, `weight_names${part}`);
    if (some === undefined) return names;
    names.push(...(typeof some === 'string' ? [some] : some));
  }
}

/** Where the saved weights lie, by the names Keras gives them (`dense_1/kernel:0`). Only outlines are read. */
function savedWeights(hdf5: Hdf5File, path: string): ReadonlyMap<string, SavedWeight> {
  const byName = new Map<string, SavedWeight>();
  for (const layer of hdf5.children('/model_weights')) {
    for (const name of weightNames(hdf5, `/model_weights/${layer}`)) {
      const dataset = `/model_weights/${layer}/${name}`;
      const outline = hdf5.dataset(dataset);
      if (outline === undefined) continue;
      const key = name.split('/').includes(layer) ? name : `${layer}/${name}`;
      byName.set(key, { file: path, dataset, ...outline });
    }
  }
  return byName;
}

/** Attributes of the root as one document: the model's config, its training config and version. */
function virtualText(config: string, hdf5: Hdf5File): string {
  const training = textAttribute(hdf5, 'training_config');
  const version = textAttribute(hdf5, 'keras_version');
  const parsed = (name: string, text: string) =>
    inside(`the attribute ${name}`, text, (json) => parseJson(json).plain());
  const model = parsed('model_config', config) as JsonObject;
  return JSON.stringify(
    {
      ...model,
      ...(version === undefined ? {} : { keras_version: version }),
      ...(training === undefined ? {} : { training_config: parsed('training_config', training) }),
    },
    null,
    2,
  );
}

function withoutModel(hdf5: Hdf5File): ReadResult {
  const names = hdf5.children('/');
  const keras2 = hdf5.attribute('/', 'layer_names') !== undefined;
  const keras3 = names.includes('layers') || names.includes('_layer_checkpoint_dependencies');
  const skipped = `an HDF5 file with weights only: no model_config, so no initializers; inspect the model's JSON: ${EXPORT}`;
  return keras2 || keras3
    ? { models: [], problems: [], skipped }
    : { models: [], problems: [], notAModel: 'An HDF5 file without a Keras model.' };
}

async function read(file: SourceFile, files: Files, options: ReadOptions): Promise<ReadResult> {
  if (files.openHdf5 === undefined)
    throw new InputError({
      message: 'HDF5 files cannot be opened here.',
      hint: `Save the model's JSON: ${EXPORT}`,
    });
  const hdf5 = await files.openHdf5(file.path);
  try {
    const config = textAttribute(hdf5, 'model_config');
    if (config === undefined) return withoutModel(hdf5);
    const saved = savedWeights(hdf5, file.path);
    const text = virtualText(config, hdf5);
    const result = await readDocument(text, file, files, options, {
      format: 'hdf5',
      savedWeights: saved.size > 0,
      saved: savedLookup(saved),
    });
    if (result.notAModel !== undefined)
      return { ...result, notAModel: `the attribute model_config: ${result.notAModel}` };
    return { ...result, virtualText: text };
  } finally {
    hdf5.close();
  }
}

/** Keras's `.h5`: model_config and training_config as attributes, weights as datasets. */
export const hdf5Format: FormatReader = {
  id: 'hdf5',
  detect: (file) => MAGIC.every((byte, i) => file.head[i] === byte),
  read,
  edit: (_text, spec) => ({
    ok: false,
    refusal: {
      place: spec.file,
      reason: 'An HDF5 file is not edited: copy the snippet into the code that builds the model.',
    },
  }),
};
