import { parseActivation } from './activations/catalogue.ts';
import { applyChanges } from './applyChanges.ts';
import type { ActivationChange, Change, ModelChange, WidthChange } from './change.ts';
import { defaultInitializer } from './initializers/catalogue.ts';
import type { InitializerSpec } from './initializers/initializer.ts';
import type { LayerQuantity, Measured } from './report.ts';
import { repeatable } from './repeat.ts';
import { widthsTimes } from './resize.ts';
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

/** The hidden layers' widths as changes; layers that get one width share one. */
function widthChanges(spec: ModelSpec, { width = 1, layer }: Scenario): WidthChange[] {
  const groups = new Map<number, string[]>();
  for (const [id, units] of widthsTimes(spec, width, layer))
    groups.set(units, [...(groups.get(units) ?? []), id]);
  return [...groups].map(([units, layers]) => ({ layers, width: units }));
}

/** The activation as a change; heads keep theirs unless asked for by name. */
function activationChanges(spec: ModelSpec, scenario: Scenario): ActivationChange[] {
  const activation = scenario.activation === undefined ? undefined : parseActivation(scenario.activation);
  if (activation === undefined) return [];
  const layers = spec.layers.filter(
    (each) =>
      each.activation !== undefined &&
      (scenario.layer === undefined ? !each.roles.includes('head') : meant(scenario, each)),
  );
  return layers.length === 0 ? [] : [{ layers: layers.map(({ id }) => id), activation }];
}

/** The initializers as changes; layers of one fan-in share one. */
function initializerChanges(spec: ModelSpec, scenario: Scenario): Change[] {
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

/** What a scenario changes: what Measure measures and Apply writes. Throws an InputError where a size does not fit. */
export function scenarioChanges(spec: ModelSpec, scenario: Scenario): readonly ModelChange[] {
  const { depth = 1, layer } = scenario;
  const widths = widthChanges(spec, scenario);
  const sized = applyChanges(spec, widths);
  const parts = [...activationChanges(sized, scenario), ...initializerChanges(sized, scenario)];
  if (depth === 1) return [...widths, ...parts];
  const rows = layer === undefined ? [...repeatable(sized)] : [layer];
  return [...widths, ...parts, { layers: rows, times: depth }];
}

/** The model of a scenario. Throws an InputError where a size does not fit. */
export function scenarioSpec(spec: ModelSpec, scenario: Scenario): ModelSpec {
  return applyChanges(spec, scenarioChanges(spec, scenario));
}
