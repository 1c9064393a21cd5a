import type { ActivationSpec } from './activations/activation.ts';
import { flattenGraph, type PlacedCall, type PlacedLayer } from './flatGraph.ts';
import { initializerLaw } from './initializers/catalogue.ts';
import { type InputShapes, inputShapes } from './inputShapes.ts';
import type { Json } from './json.ts';
import { layerKind, layerKindFor } from './layers/catalogue.ts';
import type { InputConfig } from './layers/input.ts';
import { spelledKeys } from './layers/keys.ts';
import type { LayerKind, ParsedInner, ParsedLayer, WeightDeclaration } from './layers/kind.ts';
import { rawConfig } from './layers/rawConfig.ts';
import { headLoss, lossText, parseLoss, writtenLoss } from './loss.ts';
import type { Origin } from './origin.ts';
import { InputError, type Problem, UnknownPartError } from './problem.ts';
import type { RawModel } from './rawModel.ts';
import type { ReadOptions } from './reader.ts';
import { withRoles } from './roles.ts';
import type { Semantics } from './semantics.ts';
import { withoutTaps } from './taps.ts';
import { formatShape, type Shape } from './shape.ts';
import type {
  LayerSpec,
  ModelSpec,
  NodeSpec,
  OutputSpec,
  SavedWeight,
  TensorRef,
  WeightSpec,
} from './spec.ts';

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
  /** Where the saved value of a weight lies; asked with the layer's id and the weight's name and index. */
  readonly saved?: (layer: string, weight: string, index: number) => SavedWeight | undefined;
  readonly graph?: 'full' | 'order-only';
  readonly executable?: boolean;
}

interface Read {
  readonly placed: PlacedLayer;
  readonly kind: LayerKind;
  readonly parsed: ParsedLayer<never>;
  readonly opaque?: string;
}

const LARGEST = 2 ** 31 - 1;

function note(placed: PlacedLayer, message: string, error?: InputError): Problem {
  const [layer] = placed.raw.origins;
  const file = error?.problem.file ?? layer?.file ?? '';
  const range = error?.problem.range ?? layer?.range;
  const { found, expected, hint } = error?.problem ?? {};
  return {
    file,
    message,
    severity: 'note',
    ...(range === undefined ? {} : { range }),
    ...(found === undefined ? {} : { found }),
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Adds the layer's place to an error that has none. */
function atLayer<T>(placed: PlacedLayer, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InputError) || error.problem.range !== undefined) throw error;
    const [at] = placed.raw.origins;
    const message = `Layer "${placed.id}" (${placed.raw.className}): ${error.problem.message}`;
    throw new InputError({
      ...error.problem,
      message,
      ...(at === undefined ? {} : { file: at.file, range: at.range }),
    });
  }
}

function readLayer(placed: PlacedLayer, semantics: Semantics, problems: Problem[]): Read {
  const { raw } = placed;
  const config = rawConfig(raw.className, raw.config, semantics, (...keys) => raw.place(...keys));
  const known = layerKindFor(raw.className, raw.config);
  const unknown = (reason: string, error?: InputError): Read => {
    problems.push(note(placed, `Layer "${placed.id}": ${reason}`, error));
    const kind = layerKind('opaque');
    return { placed, kind, parsed: kind.parse(config) as ParsedLayer<never>, opaque: reason };
  };
  if (known === undefined) return unknown(`the class ${raw.className} is not known to Initscope.`);
  try {
    const parsed = atLayer(placed, () =>
      known.kind.parse(
        known.className === raw.className
          ? config
          : rawConfig(known.className, raw.config, semantics, (...keys) => raw.place(...keys)),
      ),
    );
    return { placed, kind: known.kind, parsed: parsed as ParsedLayer<never> };
  } catch (error) {
    if (error instanceof UnknownPartError) return unknown(error.problem.message, error);
    throw error;
  }
}

interface Shaped {
  readonly call: PlacedCall;
  readonly inputs: readonly TensorRef[];
  readonly inputShapes: readonly Shape[];
  readonly outputs: readonly Shape[];
}

/** Tensor inputs of a call: positional ones, then keyword tensors in the kind's order. */
function tensorInputs(call: PlacedCall, kind: LayerKind): readonly TensorRef[] {
  const found: TensorRef[] = [...call.inputs];
  const take = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) take(item);
    else if (typeof value === 'object' && value !== null && 'node' in value) found.push(value as TensorRef);
  };
  for (const name of kind.callArguments ?? []) if (Object.hasOwn(call.kwargs, name)) take(call.kwargs[name]);
  return found;
}

/** Shapes of every call that does not depend on an unknown one; `left` are the layers that do. */
function inferShapes(
  calls: readonly PlacedCall[],
  layers: ReadonlyMap<string, Read>,
  inputs: InputShapes,
): { shaped: Map<string, Shaped>; left: Map<string, string> } {
  const shaped = new Map<string, Shaped>();
  const left = new Map<string, string>();
  for (const call of calls) {
    const read = layers.get(call.layer.id);
    if (read === undefined) continue;
    const refs = tensorInputs(call, read.kind);
    const missing = refs.find((ref) => !shaped.has(ref.node));
    if (missing !== undefined) {
      left.set(call.layer.id, left.get(missing.node.replace(/:\d+$/, '')) ?? missing.node);
      continue;
    }
    const shapes = refs.map((ref): Shape => {
      const shape = shaped.get(ref.node)?.outputs[ref.output];
      if (shape !== undefined) return shape;
      throw new InputError({ message: `"${ref.node}" has no output number ${ref.output}.` });
    });
    const outputs = atLayer(call.layer, (): readonly Shape[] => {
      const given = inputs.get(call.node);
      const result = given === undefined ? read.kind.outputs(read.parsed.config, shapes) : [given];
      for (const shape of result) {
        const size = shape.slice(1).reduce<number>((product, value) => product * (value ?? 1), 1);
        if (
          size > LARGEST ||
          shape.slice(1).some((value) => value !== null && (value < 1 || !Number.isInteger(value)))
        )
          throw new InputError({
            message: 'The output has an impossible size.',
            found: formatShape(shape),
            expected: 'positive sizes and at most 2³¹ values per sample',
          });
      }
      return result;
    });
    if (outputs.length === 0) left.set(call.layer.id, call.layer.id);
    else shaped.set(call.node, { call, inputs: refs, inputShapes: shapes, outputs });
  }
  return { shaped, left };
}

function declared(read: Read, shapes: readonly Shape[], semantics: Semantics): readonly WeightDeclaration[] {
  return atLayer(read.placed, () => {
    const weights = read.kind.weights(read.parsed, shapes, semantics);
    for (const weight of weights) {
      const size = weight.shape.reduce((a, b) => a * b, 1);
      if (size > LARGEST)
        throw new InputError({
          message: `The weight ${weight.name} is too large to exist.`,
          found: `shape (${weight.shape.join(', ')}), ${size.toPrecision(3)} values`,
          expected: 'at most 2³¹ values in a weight',
        });
      if (weight.initializer.id === 'identity' || weight.initializer.params['values'] !== undefined)
        initializerLaw(weight.initializer, weight, semantics);
    }
    return weights;
  });
}

/** Initializer origins carry config keys in a raw layer and weight names in a spec. */
function placedOrigins(origins: readonly Origin[], weights: readonly WeightDeclaration[]): readonly Origin[] {
  return origins.flatMap((origin) => {
    if (origin.kind !== 'initializer' || origin.weight === undefined) return [origin];
    const key = origin.weight;
    const named = weights.filter((weight) => spelledKeys(weight.key).includes(key));
    return named.map((weight) => ({ ...origin, weight: weight.name }));
  });
}

function innerLayers(
  id: string,
  inner: readonly ParsedInner[] | undefined,
  origins: readonly Origin[],
): readonly LayerSpec[] | undefined {
  return inner?.map((part): LayerSpec => {
    const below = innerLayers(`${id}/${part.name}`, part.parsed.inner, origins);
    return {
      id: `${id}/${part.name}`,
      name: part.name,
      className: part.className,
      kind: part.kind,
      config: part.parsed.config,
      ...(part.parsed.activation === undefined ? {} : { activation: part.parsed.activation }),
      weights: [],
      roles: [],
      origins: origins.slice(0, 1),
      trainable: true,
      ...(below === undefined ? {} : { inner: below }),
    };
  });
}

function layerSpec(
  read: Read,
  shapes: readonly Shape[] | undefined,
  dependsOn: string | undefined,
  context: BuildContext,
): LayerSpec {
  const { placed, kind, parsed } = read;
  const lost = shapes === undefined;
  const weights = lost ? [] : declared(read, shapes, context.semantics.value);
  const raw = Object.hasOwn(placed.raw.config, 'trainable') ? placed.raw.config['trainable'] : true;
  const reason =
    read.opaque ?? (lost ? `It depends on "${dependsOn ?? '?'}", whose output shape is unknown.` : undefined);
  const inner = innerLayers(placed.id, parsed.inner, placed.raw.origins);
  return {
    id: placed.id,
    name: placed.raw.name,
    className: placed.raw.className,
    kind: lost ? 'opaque' : kind.id,
    config: parsed.config,
    ...(parsed.activation === undefined ? {} : { activation: parsed.activation }),
    weights: weights.map((weight, index): WeightSpec => {
      const saved = context.saved?.(placed.id, weight.name, index);
      return saved === undefined ? weight : { ...weight, saved };
    }),
    roles: [],
    origins: placedOrigins(placed.raw.origins, weights),
    trainable: raw !== false,
    ...(inner === undefined ? {} : { inner }),
    ...(reason === undefined ? {} : { opaque: reason }),
  };
}

function nodeSpec(shaped: Shaped): NodeSpec {
  const kwargs = Object.entries(shaped.call.kwargs).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return {
    id: shaped.call.node,
    layer: shaped.call.layer.id,
    inputs: shaped.inputs,
    outputs: shaped.outputs,
    ...(kwargs.length === 0 ? {} : { kwargs: Object.fromEntries(kwargs) as Readonly<Record<string, Json>> }),
  };
}

/** The activation that a node's output went through, looking back through layers that only reshape. */
function lastActivation(
  start: TensorRef,
  nodes: ReadonlyMap<string, NodeSpec>,
  layers: ReadonlyMap<string, LayerSpec>,
): ActivationSpec | undefined {
  let ref: TensorRef | undefined = start;
  while (ref !== undefined) {
    const node = nodes.get(ref.node);
    const layer = node === undefined ? undefined : layers.get(node.layer);
    if (node === undefined || layer === undefined) return undefined;
    if (layer.activation !== undefined) return layer.activation;
    const { signal } = layerKind(layer.kind);
    if (signal !== 'shape' && signal !== 'regularizer' && signal !== 'activation') return undefined;
    ref = node.inputs.length === 1 ? node.inputs[0] : undefined;
  }
  return undefined;
}

/** Whether an output is what a weighted layer gives, with no activation of its own or after it. */
function isRaw(
  start: TensorRef,
  nodes: ReadonlyMap<string, NodeSpec>,
  layers: ReadonlyMap<string, LayerSpec>,
): boolean {
  let ref: TensorRef | undefined = start;
  while (ref !== undefined) {
    const node = nodes.get(ref.node);
    const layer = node === undefined ? undefined : layers.get(node.layer);
    if (node === undefined || layer === undefined) return false;
    const { signal } = layerKind(layer.kind);
    if (layer.activation !== undefined && layer.activation.id !== 'linear') return false;
    if (signal === 'weighted') return true;
    if (signal !== 'shape' && signal !== 'regularizer' && signal !== 'activation') return false;
    ref = node.inputs.length === 1 ? node.inputs[0] : undefined;
  }
  return false;
}

function outputSpecs(
  wanted: readonly { readonly ref: TensorRef; readonly name: string }[],
  nodes: readonly NodeSpec[],
  layers: readonly LayerSpec[],
  context: BuildContext,
  problems: Problem[],
): readonly OutputSpec[] {
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const layerById = new Map(layers.map((layer) => [layer.id, layer]));
  const outputs = wanted.filter(({ ref }) => nodeById.has(ref.node));
  const used = new Set(nodes.flatMap((node) => node.inputs.map((ref) => ref.node)));
  const ends = nodes.filter(
    (node) =>
      outputs.length < wanted.length &&
      !used.has(node.id) &&
      !outputs.some(({ ref }) => ref.node === node.id),
  );
  const cut = ends.map((node): OutputSpec => ({
    ref: { node: node.id, output: 0 },
    name: node.layer,
    shape: node.outputs[0] ?? [null],
    loss: { id: 'other', fromLogits: false, written: '', from: 'head' },
    cut: true,
  }));
  const judged = outputs.map(({ ref, name }, index): OutputSpec => {
    const shape = nodeById.get(ref.node)?.outputs[ref.output] ?? [null];
    const implied = headLoss(lastActivation(ref, nodeById, layerById));
    const option = context.options.loss;
    const written = option ?? writtenLoss(context.loss?.written, name, index, outputs.length);
    if (written === undefined || written === null) return { ref, name, shape, loss: implied };
    const loss = parseLoss(written, option === undefined ? 'file' : 'option');
    const at = option === undefined ? context.loss?.origin : undefined;
    if (loss !== undefined) {
      const meant = loss.fromLogits || !loss.id.endsWith('crossentropy') || !isRaw(ref, nodeById, layerById);
      if (!meant)
        problems.push({
          file: context.file,
          ...(at === undefined ? {} : { range: at.range }),
          message: `The loss "${lossText(written)}" takes probabilities, and the output "${name}" is linear: it is taken here from logits, as was likely meant.`,
          hint: 'a softmax (or sigmoid) on the output, or from_logits=True',
          severity: 'note',
        });
      return { ref, name, shape, loss: meant ? loss : { ...loss, fromLogits: true } };
    }
    problems.push({
      file: context.file,
      ...(at === undefined ? {} : { range: at.range }),
      message: `The loss "${lossText(written)}" is not known to Initscope; ${implied.id} is used, as the output's activation implies.`,
      severity: 'note',
    });
    return { ref, name, shape, loss: { ...implied, written: lossText(written) } };
  });
  return [...judged, ...cut];
}

function leftOut(left: ReadonlyMap<string, string>, layers: ReadonlyMap<string, Read>): Problem[] {
  const bySource = new Map<string, number>();
  for (const [layer, source] of left)
    if (layer !== source) bySource.set(source, (bySource.get(source) ?? 0) + 1);
  return [...new Set(left.values())].flatMap((source) => {
    const read = layers.get(source);
    const count = bySource.get(source) ?? 0;
    if (read === undefined) return [];
    const more = count === 0 ? '' : ` and ${count === 1 ? 'one layer' : `${count} layers`} after it`;
    return [
      note(
        read.placed,
        `Layer "${source}" has an unknown output shape: it${more} ${count === 0 ? 'is' : 'are'} left out.`,
      ),
    ];
  });
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
  problems.push(...leftOut(left, reads));

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
    });
  const outputs = outputSpecs(graph.outputs, nodes, layers, context, problems);
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
  return withRoles(withoutTaps(spec, context.options.loss ?? context.loss?.written));
}
