import type { Files } from '../../model/measurer.ts';
import type { KerasInPython, PythonReading } from '../../model/pythonHost.ts';
import type { ReadOptions, ReadResult, SourceFile } from '../../model/reader.ts';
import type { Problem } from '../../model/problem.ts';
import type { LayerSpec, ModelSpec } from '../../model/spec.ts';
import { readJson } from '../json/read.ts';

/** A layer of the config with its places in the code. */
function placed(layer: LayerSpec, model: KerasInPython): LayerSpec {
  const outer = layer.id.replace(/\/(forward|backward|layer|cell\d*)$/, '');
  const origins = model.origins[layer.id] ?? model.origins[outer];
  const code = model.code[layer.id] ?? model.code[outer] ?? {};
  return {
    ...layer,
    origins: origins ?? [{ ...model.origin, kind: 'definition' }],
    weights: layer.weights.map((weight) => {
      const site = code[weight.key];
      return site === undefined ? weight : { ...weight, code: site };
    }),
    ...(layer.inner === undefined ? {} : { inner: layer.inner.map((each) => placed(each, model)) }),
  };
}

/** What is said where the config itself names nothing that is wrong with it. */
const emptyModel = ({ notAModel }: ReadResult): Problem => ({
  file: '',
  severity: 'error',
  message: notAModel ?? 'The model has no layers.',
  expected: 'a model with an input and layers',
});

/**
 * Keras models that the probe built, read from their config as any Keras JSON, with origins in the code. A config that gives no model (no
 * layers, a graph that cannot be read) is a problem at the place that builds it.
 */
export async function kerasSpecs(
  reading: PythonReading,
  file: SourceFile,
  files: Files,
  options: ReadOptions,
): Promise<Pick<ReadResult, 'problems'> & { readonly models: readonly ModelSpec[] }> {
  const specs: ModelSpec[] = [];
  const unread: Problem[] = [];
  for (const model of reading.keras) {
    const virtual = { ...file, text: model.json };
    const result = await readJson(virtual, files, {
      ...options,
      semantics: options.semantics ?? model.semantics,
    });
    const [spec] = result.models;
    const here = (each: Problem): Problem => ({ ...each, file: file.path, range: model.origin.range });
    if (spec === undefined) {
      const told = result.problems.length > 0 ? result.problems : [emptyModel(result)];
      unread.push(...told.map((each) => here({ ...each, message: `${model.name}: ${each.message}` })));
    } else
      specs.push({
        ...spec,
        id: model.id,
        name: model.name,
        file: file.path,
        format: 'python',
        framework: model.framework,
        semantics: { value: spec.semantics.value, from: `${model.framework} in ${reading.interpreter}` },
        origin: model.origin,
        layers: spec.layers.map((layer) => placed(layer, model)),
        problems: [
          ...[...spec.problems, ...result.problems].map(here),
          ...reading.notes.map((message) => ({ file: file.path, severity: 'note' as const, message })),
        ],
        contentHash: reading.contentHash,
        executable: spec.executable && !model.own,
        savedWeights: false,
      });
  }
  return { models: specs, problems: unread };
}
