import type { Files } from '../../model/measurer.ts';
import type { KerasInPython, PythonReading } from '../../model/pythonHost.ts';
import type { ReadOptions, SourceFile } from '../../model/reader.ts';
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

/** Keras models that the probe built, read from their config as any Keras JSON, with origins in the code. */
export async function kerasSpecs(
  reading: PythonReading,
  file: SourceFile,
  files: Files,
  options: ReadOptions,
): Promise<ModelSpec[]> {
  const specs: ModelSpec[] = [];
  for (const model of reading.keras) {
    const virtual = { ...file, text: model.json };
    const result = await readJson(virtual, files, {
      ...options,
      semantics: options.semantics ?? model.semantics,
    });
    for (const spec of result.models.slice(0, 1)) {
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
          ...spec.problems.map((each) => ({ ...each, file: file.path, range: model.origin.range })),
          ...reading.notes.map((message) => ({ file: file.path, severity: 'note' as const, message })),
        ],
        contentHash: reading.contentHash,
        executable: spec.executable && !model.own,
        savedWeights: false,
      });
    }
  }
  return specs;
}
