import { flattenGraph } from './flatGraph.ts';
import { inferShapes, leftOut, nodeSpec, unhalved } from './inferShapes.ts';
import { inputShapes } from './inputShapes.ts';
import type { InputConfig } from './layers/input.ts';
import { layerSpec } from './layerSpec.ts';
import type { Origin } from './origin.ts';
import { outputSpecs } from './outputSpecs.ts';
import { InputError, type Problem } from './problem.ts';
import type { RawModel } from './rawModel.ts';
import { note, readLayer } from './readLayer.ts';
import type { ReadOptions } from './reader.ts';
import { withRoles } from './roles.ts';
import type { Semantics } from './semantics.ts';
import type { Shape } from './shape.ts';
import { withoutTaps } from './taps.ts';
import type { ModelSpec, WeightSpec } from './spec.ts';

/** What a reader knows of a model besides its graph. */
export interface BuildContext {
  readonly id?: string;
  readonly file: string;
  readonly format: string;
  readonly framework: string;
  readonly semantics: { readonly value: Semantics; readonly from: string };
  readonly contentHash: string;
  readonly options: ReadOptions;
  /** The loss as the file writes it (a name, a class, a list or a table by output), and where. */
  readonly loss?: { readonly written: unknown; readonly origin?: Origin };
  readonly savedWeights?: boolean;
  readonly graph?: 'full' | 'order-only';
  readonly executable?: boolean;
}

/**
 * A raw model as the spec that everything else works on: nested models flattened, shapes inferred, weights declared, roles and
 * losses recognised. Unknown layers become opaque with a note; what depends on them is left out. Throws an InputError for a
 * model that cannot be inspected at all (cycle, missing link, duplicate name, impossible size, no layer left).
 */
export function buildSpec(raw: RawModel, context: BuildContext): ModelSpec {
  const graph = flattenGraph(raw);
  const problems: Problem[] = [...raw.problems];
  const semantics = context.semantics.value;
  const reads = new Map(graph.layers.map((placed) => [placed.id, readLayer(placed, semantics, problems)]));
  for (const placed of graph.uncalled)
    problems.push(note(placed, `Layer "${placed.id}" is never called and left out.`));

  const inputCalls = graph.calls.filter((call) => reads.get(call.layer.id)?.kind.id === 'input');
  const configs = new Map(
    inputCalls.map((call) => [call.node, reads.get(call.layer.id)?.parsed.config as unknown as InputConfig]),
  );
  const { shaped, left, chosen } = inputShapes(inputCalls, configs, context, graph.calls, reads, (shapes) =>
    inferShapes(graph.calls, reads, shapes),
  );
  problems.push(...leftOut(left, reads), ...unhalved(shaped, reads));

  const nodes = [...shaped.values()].map(nodeSpec);
  const firstShapes = new Map<string, readonly Shape[]>();
  for (const item of shaped.values())
    if (!firstShapes.has(item.call.layer.id)) firstShapes.set(item.call.layer.id, item.inputShapes);
  const uncalled = new Set(graph.uncalled.map((placed) => placed.id));
  const layers = [...reads.values()]
    .filter((read) => !uncalled.has(read.placed.id))
    .map((read) => layerSpec(read, firstShapes.get(read.placed.id), left.get(read.placed.id), context));
  if (!nodes.some((node) => reads.get(node.layer)?.kind.id !== 'input'))
    throw new InputError({
      message: 'No layer of the model can be inspected.',
      file: context.file,
      range: raw.origin.range,
      ...(problems[0] === undefined ? {} : { found: problems[0].message }),
      hint: 'State what that layer gives ("output_shape": […] without the batch, in its config), or save the model from the next layer on.',
    });
  const lossNotes = new Map<string, Problem>();
  const outputs = outputSpecs(graph.outputs, nodes, layers, context, lossNotes);
  const weights = layers.flatMap((layer) => layer.weights.map((weight) => ({ layer, weight })));
  const count = (items: readonly { readonly weight: WeightSpec }[]): number =>
    items.reduce((sum, { weight }) => sum + weight.shape.reduce((a, b) => a * b, 1), 0);
  const spec: ModelSpec = {
    id: context.id ?? raw.name,
    name: raw.name,
    file: context.file,
    format: context.format,
    framework: context.framework,
    semantics: context.semantics,
    graph: context.graph ?? 'full',
    executable: context.executable ?? true,
    layers,
    nodes,
    inputs: chosen,
    outputs,
    parameters: {
      total: count(weights),
      trainable: count(weights.filter(({ layer, weight }) => layer.trainable && weight.trainable)),
    },
    savedWeights: context.savedWeights ?? false,
    origin: raw.origin,
    problems,
    contentHash: context.contentHash,
  };
  const trained = withoutTaps(spec, context.options.loss ?? context.loss?.written);
  const said = trained.outputs.flatMap(({ name }) => lossNotes.get(name) ?? []);
  return withRoles({ ...trained, problems: [...trained.problems, ...said] });
}
