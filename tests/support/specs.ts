import type { ActivationSpec } from '../../src/model/activations/activation.ts';
import { parseActivation } from '../../src/model/activations/catalogue.ts';
import { defaultInitializer, parseInitializer } from '../../src/model/initializers/catalogue.ts';
import type { InitializerSpec } from '../../src/model/initializers/initializer.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Semantics } from '../../src/model/semantics.ts';
import type { Shape } from '../../src/model/shape.ts';
import type {
  LayerConfig,
  LayerSpec,
  LossSpec,
  ModelSpec,
  NodeSpec,
  Role,
  WeightSpec,
} from '../../src/model/spec.ts';

const ORIGIN: Origin = { file: 'model.json', range: { start: 0, end: 1 }, kind: 'layer' };

/** A weight of a test spec; fans true unless given. */
export interface TestWeight {
  readonly name: string;
  readonly part: WeightSpec['part'];
  readonly shape: readonly number[];
  readonly init: unknown;
  readonly fanIn?: number;
  readonly fanOut?: number;
  readonly effectiveFanIn?: number;
  readonly gates?: number;
}

/** A layer called once, on the layers named in `on` (default: the one before). */
export interface TestLayer {
  readonly id: string;
  readonly kind: string;
  readonly className?: string;
  readonly shape: Shape;
  readonly config?: LayerConfig;
  readonly activation?: unknown;
  readonly roles?: readonly Role[];
  readonly weights?: readonly TestWeight[];
  readonly on?: readonly string[];
}

function weightOf(weight: TestWeight, semantics: Semantics): WeightSpec {
  const field = weight.shape.slice(0, -2).reduce((all, next) => all * next, 1);
  const fanIn = weight.fanIn ?? field * (weight.shape.at(-2) ?? weight.shape.at(-1) ?? 1);
  const fanOut = weight.fanOut ?? field * (weight.shape.at(-1) ?? 1);
  const initializer: InitializerSpec =
    weight.init === undefined
      ? defaultInitializer('zeros', semantics)
      : parseInitializer(weight.init, semantics);
  return {
    name: weight.name,
    part: weight.part,
    shape: weight.shape,
    initializer,
    fanIn,
    fanOut,
    effectiveFanIn: weight.effectiveFanIn ?? fanIn,
    effectiveFanOut: fanOut,
    trainable: true,
    unitAxis: -1,
    ...(weight.gates === undefined ? {} : { gates: weight.gates }),
    key: `${weight.name}_initializer`,
  };
}

const MSE: LossSpec = { id: 'mean_squared_error', fromLogits: false, written: 'mse', from: 'head' };

/** A ModelSpec from layers in topological order; the first is the input, the last the output. */
export function testSpec(
  layers: readonly TestLayer[],
  options: { readonly semantics?: Semantics; readonly loss?: LossSpec; readonly name?: string } = {},
): ModelSpec {
  const semantics = options.semantics ?? 'keras3';
  const specs: LayerSpec[] = layers.map((layer) => {
    const activation: ActivationSpec | undefined =
      layer.activation === undefined ? undefined : parseActivation(layer.activation, semantics);
    return {
      id: layer.id,
      name: layer.id,
      className: layer.className ?? layer.kind,
      kind: layer.kind,
      config: layer.config ?? {},
      ...(activation === undefined ? {} : { activation }),
      weights: (layer.weights ?? []).map((weight) => weightOf(weight, semantics)),
      roles: layer.roles ?? [],
      origins: [ORIGIN],
      trainable: true,
    };
  });
  const nodes: NodeSpec[] = layers.map((layer, index) => ({
    id: layer.id,
    layer: layer.id,
    inputs: (layer.on ?? (index === 0 ? [] : [layers[index - 1]?.id ?? ''])).map((node) => ({
      node,
      output: 0,
    })),
    outputs: [layer.shape],
  }));
  const first = layers[0];
  const last = layers.at(-1);
  if (first === undefined || last === undefined) throw new Error('a test spec needs layers');
  return {
    id: options.name ?? 'model',
    name: options.name ?? 'model',
    file: 'model.json',
    format: 'keras-json',
    framework: 'Keras 3.15.1',
    semantics: { value: semantics, from: 'test' },
    graph: 'full',
    executable: true,
    layers: specs,
    nodes,
    inputs: [{ node: first.id, name: first.id, shape: first.shape, values: 'real' }],
    outputs: [
      { ref: { node: last.id, output: 0 }, name: last.id, shape: last.shape, loss: options.loss ?? MSE },
    ],
    parameters: { total: 0, trainable: 0 },
    savedWeights: false,
    origin: ORIGIN,
    problems: [],
    contentHash: 'test',
  };
}

/** A dense layer for `testSpec`. */
export function dense(
  id: string,
  fanIn: number,
  units: number,
  init: unknown,
  activation?: unknown,
  more: Partial<TestLayer> & { readonly bias?: unknown } = {},
): TestLayer {
  const { bias = 'zeros', ...rest } = more;
  return {
    id,
    kind: 'dense',
    className: 'Dense',
    shape: [null, units],
    ...(activation === undefined ? {} : { activation }),
    weights: [
      { name: 'kernel', part: 'kernel', shape: [fanIn, units], init },
      { name: 'bias', part: 'bias', shape: [units], init: bias },
    ],
    ...rest,
  };
}

/** An MLP: `depth` hidden layers of this width, an input as wide, a linear head. */
export function mlp(
  width: number,
  depth: number,
  init: unknown,
  activation: unknown,
  options: {
    readonly semantics?: Semantics;
    readonly head?: number;
    readonly headInit?: unknown;
    readonly bias?: unknown;
    readonly loss?: LossSpec;
  } = {},
): ModelSpec {
  const hidden = Array.from({ length: depth }, (_, index) =>
    dense(`d${index + 1}`, width, width, init, activation, {
      roles: ['hidden'],
      bias: options.bias ?? 'zeros',
    }),
  );
  return testSpec(
    [
      { id: 'in', kind: 'input', className: 'InputLayer', shape: [null, width], roles: ['input'] },
      ...hidden,
      dense('out', width, options.head ?? 10, options.headInit ?? 'glorot_uniform', undefined, {
        roles: ['head'],
      }),
    ],
    {
      ...(options.semantics === undefined ? {} : { semantics: options.semantics }),
      ...(options.loss === undefined ? {} : { loss: options.loss }),
    },
  );
}
