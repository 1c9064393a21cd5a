import type { JsonNode } from './node.ts';
import type { Origin } from '../../model/origin.ts';
import { InputError } from '../../model/problem.ts';
import type { Semantics } from '../../model/semantics.ts';
import { isModelClass } from './model.ts';
import { elements, member, rangeOf, textOf } from './parse.ts';

/** What a JSON file turned out to be. */
type JsonDocument =
  | {
      readonly kind: 'model';
      readonly format: 'keras-json' | 'tfjs-json';
      /** The node of `{class_name, config}`. */
      readonly model: JsonNode;
      readonly framework: string;
      readonly semantics: { readonly value: Semantics; readonly from: string };
      readonly loss?: JsonNode;
      readonly manifest?: JsonNode;
    }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'none'; readonly reason: string };

function hasModule(node: JsonNode): boolean {
  const config = member(node, 'config');
  const layers = config?.type === 'array' ? config : member(config, 'layers');
  const first = elements(layers)[0];
  return [node, first].some(
    (item) => member(item, 'module') !== undefined || member(item, 'registered_name') !== undefined,
  );
}

/** The framework and whose rules apply, from a version as Keras or TF.js writes it; `where` it stands. */
export function versionSemantics(
  version: string,
  where: string,
): { framework: string; semantics: { value: Semantics; from: string } } {
  const from = `keras_version "${version}" in ${where}`;
  if (/tfjs|tensorflow\.js/i.test(version)) return { framework: version, semantics: { value: 'tfjs', from } };
  const value = version.startsWith('3') ? 'keras3' : 'keras2';
  return { framework: `Keras ${version}`, semantics: { value, from } };
}

/** Whose rules apply, from the version in the file, else from its form. */
function semanticsOf(
  version: string | undefined,
  isScript: boolean,
  model: JsonNode,
): { framework: string; semantics: { value: Semantics; from: string } } {
  if (version !== undefined) return versionSemantics(version, 'the file');
  const form = (value: Semantics, framework: string, shown: string) => ({
    framework,
    semantics: { value, from: `the form of the file (${shown})` },
  });
  if (hasModule(model)) return form('keras3', 'Keras 3', 'module, registered_name');
  if (isScript) return form('tfjs', 'TensorFlow.js', 'a TensorFlow.js model.json');
  return form('keras2', 'Keras 2', 'no version in it');
}

function graphModel(topology: JsonNode | undefined, root: JsonNode): boolean {
  return textOf(member(root, 'format')) === 'graph-model' || member(topology, 'node')?.type === 'array';
}

/** Finds the model in a JSON document and says what else stands beside it. Throws an InputError for a broken model file. */
export function documentOf(root: JsonNode): JsonDocument {
  if (/"class_name"/.test(textOf(root) ?? ''))
    return {
      kind: 'none',
      reason:
        'It holds the model as a text inside JSON (json.dump of model.to_json()): write model.to_json() itself into the file.',
    };
  if (root.type !== 'object') return { kind: 'none', reason: 'The JSON is no object, so no model.' };
  const topology = member(root, 'modelTopology');
  if (graphModel(topology, root))
    return {
      kind: 'skipped',
      reason:
        'a TensorFlow.js graph-model: layers and initializers are gone from it; inspect the Keras model it was converted from',
    };
  const holder = topology ?? root;
  const model = isModelClass(textOf(member(holder, 'class_name'))) ? holder : member(holder, 'model_config');
  const className = textOf(member(model, 'class_name'));
  if (model === undefined || !isModelClass(className)) {
    if (topology !== undefined)
      throw new InputError({
        message: 'The modelTopology holds no model.',
        range: rangeOf(topology),
        expected: '"class_name" and "config", or "model_config"',
      });
    const written = textOf(member(root, 'class_name'));
    if (written !== undefined && member(root, 'config') !== undefined)
      return {
        kind: 'none',
        reason: `It holds the config of a ${written}, not of a model with layers (Sequential, Functional, Model).`,
      };
    return { kind: 'none', reason: 'It holds no model: neither class_name and config, nor modelTopology.' };
  }
  const version = [
    member(root, 'keras_version'),
    member(holder, 'keras_version'),
    member(model, 'keras_version'),
  ]
    .map(textOf)
    .find((text) => text !== undefined);
  const isScript = topology !== undefined || member(root, 'weightsManifest') !== undefined;
  const training =
    member(root, 'training_config') ?? member(holder, 'training_config') ?? member(root, 'trainingConfig');
  const loss = member(training, 'loss') ?? member(model, 'compile_config', 'loss');
  const manifest = member(root, 'weightsManifest');
  return {
    kind: 'model',
    format: isScript ? 'tfjs-json' : 'keras-json',
    model,
    ...semanticsOf(version, isScript, model),
    ...(loss === undefined || loss.type === 'null' ? {} : { loss }),
    ...(manifest === undefined ? {} : { manifest }),
  };
}

/** Origin of a node outside of the layers. */
export function originOf(file: string, node: JsonNode): Origin {
  return { file, range: rangeOf(node), kind: 'definition' };
}
