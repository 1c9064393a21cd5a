import type { JsonObject } from '../../src/model/json.ts';
import { layerKindOfClass } from '../../src/model/layers/catalogue.ts';
import type { ParsedInner, ParsedLayer } from '../../src/model/layers/kind.ts';
import { rawConfig } from '../../src/model/layers/rawConfig.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Semantics } from '../../src/model/semantics.ts';
import { type Shape, sampleSize } from '../../src/model/shape.ts';
import type {
  InputSpec,
  LayerConfig,
  LayerSpec,
  LossSpec,
  ModelSpec,
  NodeSpec,
} from '../../src/model/spec.ts';

/** A layer of a small test model: class, config as Keras writes it, and the names of its inputs (default: the layer before). */
export interface TestLayer {
  readonly class: string;
  readonly name?: string;
  readonly config?: JsonObject;
  readonly inputs?: readonly string[];
  /** Plain keyword arguments of the call. */
  readonly kwargs?: JsonObject;
  /** Set to call an earlier layer of that name again. */
  readonly again?: string;
}

/** An input of a small test model; `ids` makes whole numbers below the vocabulary. */
export interface TestInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly vocabulary?: number;
}

/** How a small test model is meant. */
export interface TestModel {
  readonly inputs: readonly TestInput[] | readonly number[];
  readonly layers: readonly TestLayer[];
  readonly outputs?: readonly string[];
  readonly loss?: LossSpec['id'];
  readonly semantics?: Semantics;
}

const origin = { file: 'test.json', range: { start: 0, end: 0 }, kind: 'layer' } as const;

function innerLayers(
  id: string,
  inner: readonly ParsedInner[] | undefined,
): readonly LayerSpec[] | undefined {
  return inner?.map(({ name, className, kind, parsed }) =>
    layerSpec(`${id}/${name}`, className, kind, parsed, []),
  );
}

function layerSpec(
  id: string,
  className: string,
  kind: string,
  parsed: ParsedLayer<LayerConfig>,
  weights: LayerSpec['weights'],
): LayerSpec {
  const inner = innerLayers(id, parsed.inner);
  return {
    id,
    name: id.split('/').at(-1)!,
    className,
    kind,
    config: parsed.config,
    ...(parsed.activation === undefined ? {} : { activation: parsed.activation }),
    weights,
    roles: [],
    origins: [origin],
    trainable: true,
    ...(inner === undefined ? {} : { inner }),
  };
}

function lossOf(layer: LayerSpec | undefined, id: LossSpec['id'] | undefined): LossSpec {
  const head = layer?.activation?.id;
  const implied =
    head === 'softmax'
      ? 'categorical_crossentropy'
      : head === 'sigmoid'
        ? 'binary_crossentropy'
        : 'mean_squared_error';
  return { id: id ?? implied, fromLogits: false, written: '', from: 'head' };
}

/** A ModelSpec of a chain or small graph of layers, through the real layer kinds. */
export function testSpec({ inputs, layers, outputs, loss, semantics = 'keras3' }: TestModel): ModelSpec {
  const named: readonly TestInput[] =
    typeof inputs[0] === 'number'
      ? [{ name: 'input', shape: inputs as readonly number[] }]
      : (inputs as readonly TestInput[]);
  const specs = new Map<string, LayerSpec>();
  const nodes: NodeSpec[] = [];
  const shapes = new Map<string, Shape>();
  for (const { name, shape } of named) {
    specs.set(name, layerSpec(name, 'InputLayer', 'input', { config: {}, initializers: {} }, []));
    nodes.push({ id: name, layer: name, inputs: [], outputs: [[null, ...shape]] });
    shapes.set(name, [null, ...shape]);
  }
  let last = named.at(-1)!.name;
  layers.forEach((given, index) => {
    const id = given.name ?? `layer${index}`;
    const from = given.inputs ?? [last];
    const incoming = from.map((name) => shapes.get(name)!);
    if (given.again === undefined) {
      const kind = layerKindOfClass(given.class);
      if (kind === undefined) throw new Error(`no layer kind for ${given.class}`);
      const raw = rawConfig(given.class, given.config ?? {}, semantics, () => undefined);
      const parsed = kind.parse(raw);
      const weights = kind.weights(parsed, incoming, semantics);
      specs.set(id, layerSpec(id, given.class, kind.id, parsed, weights));
    }
    const layer = specs.get(given.again ?? id)!;
    const kind = layerKindOfClass(layer.className)!;
    const whole = kind.outputs(layer.config, incoming, given.kwargs);
    const made =
      layer.activation?.id === 'glu'
        ? whole.map((shape) => [...shape.slice(0, -1), (shape.at(-1) ?? 2) / 2])
        : whole;
    nodes.push({
      id,
      layer: layer.id,
      inputs: from.map((node) => ({ node, output: 0 })),
      outputs: made,
      ...(given.kwargs === undefined ? {} : { kwargs: given.kwargs }),
    });
    shapes.set(id, made[0]!);
    last = id;
  });
  const ends = outputs ?? [last];
  const specList = [...specs.values()];
  const total = specList
    .flatMap((layer) => layer.weights)
    .reduce((sum, { shape }) => sum + shape.reduce((size, next) => size * next, 1), 0);
  const inputSpecs = named.map(({ name, shape, vocabulary }): InputSpec => ({
    node: name,
    name,
    shape: [null, ...shape],
    values: vocabulary === undefined ? 'real' : 'ids',
    ...(vocabulary === undefined ? {} : { vocabulary }),
  }));
  return {
    id: 'test',
    name: 'test',
    file: 'test.json',
    format: 'keras-json',
    framework: 'test',
    semantics: { value: semantics, from: 'test' },
    graph: 'full',
    executable: true,
    layers: specList,
    nodes,
    inputs: inputSpecs,
    outputs: ends.map((name) => ({
      ref: { node: name, output: 0 },
      name,
      shape: shapes.get(name)!,
      loss: lossOf(specs.get(name), loss),
    })),
    parameters: { total, trainable: total },
    savedWeights: false,
    origin,
    problems: [],
    contentHash: '',
  };
}

/** A plan for a spec with N(0,1) inputs. */
export function testPlan(spec: ModelSpec, batch: number, seeds: readonly number[] = [1]): Plan {
  const inputs = Object.fromEntries(
    spec.inputs.map(({ name, shape }) => [name, [batch, ...shape.slice(1)] as number[]]),
  );
  const bytes = spec.nodes.reduce((sum, node) => sum + sampleSize(node.outputs[0]!) * 4 * batch, 0);
  return {
    backend: 'cpu',
    kernels: 'stock',
    batch,
    seeds,
    looks: [seeds.length],
    inputs,
    inputLaw: 'normal',
    start: 'fresh',
    size: { parameters: spec.parameters.total, multiplyAdds: 0, bytes },
    why: [],
  };
}

/** Layers of a plain multilayer perceptron. */
export function mlp(
  widths: readonly number[],
  activation: string,
  initializer: string | JsonObject,
  head: string,
): TestLayer[] {
  return widths.map((units, i) => ({
    class: 'Dense',
    config: {
      units,
      activation: i === widths.length - 1 ? head : activation,
      kernel_initializer: initializer,
    },
  }));
}
