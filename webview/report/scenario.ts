import { parseActivation } from '../../src/model/activations/catalogue.ts';
import { applyChanges } from '../../src/model/applyChanges.ts';
import type { Change } from '../../src/model/change.ts';
import { defaultInitializer } from '../../src/model/initializers/catalogue.ts';
import type { InitializerSpec } from '../../src/model/initializers/initializer.ts';
import type { LayerQuantity } from '../../src/model/report.ts';
import type { LayerSpec, ModelSpec } from '../../src/model/spec.ts';
import { drawnRms } from '../../src/theory/needs.ts';
import { predict } from '../../src/theory/predict.ts';
import { predictedQuantities } from '../../src/theory/quantities.ts';

/** What a person asks: of one layer or of all (`layer` undefined), another initializer, a gain, an activation. */
export interface Scenario {
  readonly layer?: string;
  /** Row of the initializers; `gain` draws N(0, gain²/fan_in). Undefined leaves the file's. */
  readonly initializer?: string;
  readonly gain: number;
  /** Undefined leaves the file's. */
  readonly activation?: string;
}

/** Theory's answer, by layer (its first call). */
export type PredictedLayers = ReadonlyMap<string, Partial<Readonly<Record<LayerQuantity, number>>>>;

const kernels = (layer: LayerSpec) => layer.weights.filter(({ part }) => part === 'kernel');

/** Layers whose kernels can be asked about, in graph order. */
export function askable(spec: ModelSpec): readonly LayerSpec[] {
  return spec.layers.filter((layer) => kernels(layer).length > 0);
}

/** √(fan_in·Var W) of a layer's first kernel now; undefined where its initializer has no law. */
export function presentGain(spec: ModelSpec, layer: LayerSpec): number | undefined {
  const [kernel] = kernels(layer);
  const rms = kernel === undefined ? undefined : drawnRms(spec, kernel);
  return rms === undefined || kernel === undefined ? undefined : rms * Math.sqrt(kernel.effectiveFanIn);
}

function ofGain(gain: number, fanIn: number): InitializerSpec {
  const stddev = Number((gain / Math.sqrt(fanIn)).toPrecision(4));
  return { id: 'randomNormal', params: { mean: 0, stddev }, seed: null, written: `RandomNormal(${stddev})` };
}

/** The scenario's initializers as changes of the file; layers of one fan-in share one. */
export function scenarioChanges(spec: ModelSpec, scenario: Scenario): readonly Change[] {
  const { initializer, gain, layer: only } = scenario;
  if (initializer === undefined) return [];
  const groups = new Map<string, { layers: string[]; weight: string; initializer: InitializerSpec }>();
  for (const layer of askable(spec)) {
    if (only !== undefined && layer.id !== only) continue;
    for (const weight of kernels(layer)) {
      const wanted =
        initializer === 'gain'
          ? ofGain(gain, weight.effectiveFanIn)
          : { ...defaultInitializer(initializer, spec.semantics.value), written: initializer };
      const key = JSON.stringify([weight.name, wanted]);
      const group = groups.get(key) ?? { layers: [], weight: weight.name, initializer: wanted };
      group.layers.push(layer.id);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** The model of a scenario; heads keep their activation unless asked for by name. */
export function scenarioSpec(spec: ModelSpec, scenario: Scenario): ModelSpec {
  const changed = applyChanges(spec, scenarioChanges(spec, scenario));
  const activation = scenario.activation === undefined ? undefined : parseActivation(scenario.activation);
  if (activation === undefined) return changed;
  return {
    ...changed,
    layers: changed.layers.map((layer) => {
      const asked =
        scenario.layer === undefined ? !layer.roles.includes('head') : layer.id === scenario.layer;
      return asked && layer.activation !== undefined ? { ...layer, activation } : layer;
    }),
  };
}

/** Predicts every layer of a model in a report's units. */
export function predictedLayers(spec: ModelSpec): PredictedLayers {
  const { nodes } = predict(spec);
  const layers = new Map<string, Partial<Readonly<Record<LayerQuantity, number>>>>();
  for (const { id, layer } of spec.nodes)
    if (!layers.has(layer))
      layers.set(layer, predictedQuantities(Object.hasOwn(nodes, id) ? nodes[id] : undefined));
  return layers;
}
