import { parseActivation } from './activations/catalogue.ts';
import { applyChanges } from './applyChanges.ts';
import type { Change } from './change.ts';
import { defaultInitializer } from './initializers/catalogue.ts';
import type { InitializerSpec } from './initializers/initializer.ts';
import type { LayerQuantity, Measured } from './report.ts';
import { resized } from './resize.ts';
import type { LayerSpec, ModelSpec } from './spec.ts';

/** What a person asks: of one layer or of all (`layer` undefined), another initializer, a gain, an activation, a size. */
export interface Scenario {
  readonly layer?: string;
  /** Row of the initializers; `gain` draws N(0, gain²/fan_in). Undefined leaves the file's. */
  readonly initializer?: string;
  readonly gain: number;
  /** Undefined leaves the file's. */
  readonly activation?: string;
  /** Units or filters, times this; 1 when absent. */
  readonly width?: number;
  /** How often what keeps its shape stands in a row; 1 when absent. */
  readonly depth?: number;
}

/** A scenario's layers, measured. */
export interface MeasuredScenario {
  readonly seeds: number;
  readonly layers: Readonly<Record<string, Partial<Readonly<Record<LayerQuantity, Measured>>>>>;
}

const kernels = (layer: LayerSpec) => layer.weights.filter(({ part }) => part === 'kernel');

/** Layers whose kernels can be asked about, in graph order. */
export function askable(spec: ModelSpec): readonly LayerSpec[] {
  return spec.layers.filter((layer) => kernels(layer).length > 0);
}

function ofGain(gain: number, fanIn: number): InitializerSpec {
  const stddev = Number((gain / Math.sqrt(fanIn)).toPrecision(4));
  return { id: 'randomNormal', params: { mean: 0, stddev }, seed: null, written: `RandomNormal(${stddev})` };
}

/** Whether a layer is meant: the one asked for, or one that was repeated from it. */
function meant(scenario: Scenario, layer: LayerSpec): boolean {
  return (
    scenario.layer === undefined || layer.id === scenario.layer || layer.id.startsWith(`${scenario.layer}×`)
  );
}

/** The scenario's initializers as changes of a spec; layers of one fan-in share one. */
export function scenarioChanges(spec: ModelSpec, scenario: Scenario): readonly Change[] {
  const { initializer, gain } = scenario;
  if (initializer === undefined) return [];
  const groups = new Map<string, { layers: string[]; weight: string; initializer: InitializerSpec }>();
  for (const layer of askable(spec)) {
    if (!meant(scenario, layer)) continue;
    for (const weight of kernels(layer)) {
      const wanted =
        initializer === 'gain'
          ? ofGain(gain, weight.effectiveFanIn)
          : { ...defaultInitializer(initializer, spec.semantics.value), written: initializer };
      const key = `${weight.name} ${wanted.id} ${String(wanted.params['stddev'])}`;
      const group = groups.get(key) ?? { layers: [], weight: weight.name, initializer: wanted };
      group.layers.push(layer.id);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** The model of a scenario; heads keep their activation unless asked for by name. Throws an InputError where a size does not fit. */
export function scenarioSpec(spec: ModelSpec, scenario: Scenario): ModelSpec {
  const { layer, width = 1, depth = 1 } = scenario;
  const sized = resized(spec, { width, depth, ...(layer === undefined ? {} : { layer }) });
  const changed = applyChanges(sized, scenarioChanges(sized, scenario));
  const activation = scenario.activation === undefined ? undefined : parseActivation(scenario.activation);
  if (activation === undefined) return changed;
  return {
    ...changed,
    layers: changed.layers.map((each) => {
      const asked = layer === undefined ? !each.roles.includes('head') : meant(scenario, each);
      return asked && each.activation !== undefined ? { ...each, activation } : each;
    }),
  };
}
