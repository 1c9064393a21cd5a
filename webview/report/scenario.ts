import type { LayerQuantity } from '../../src/model/report.ts';
import { askable, type Scenario, scenarioSpec } from '../../src/model/scenario.ts';
import type { LayerSpec, ModelSpec } from '../../src/model/spec.ts';
import { drawnRms } from '../../src/theory/needs.ts';
import { predictionMemory, predictNodes, type PredictionMemory } from '../../src/theory/predict.ts';
import { predictedQuantities } from '../../src/theory/quantities.ts';
import { resized } from '../../src/model/resize.ts';

/** A layer's quantities, as theory or a measurement gives them. */
export type Quantities = Partial<Readonly<Record<LayerQuantity, number>>>;

/** Theory's answer, by layer (its first call), in graph order. */
export type PredictedLayers = ReadonlyMap<string, Quantities>;

/** √(fan_in·Var W) of a layer's first kernel now; undefined where its initializer has no law. */
export function presentGain(spec: ModelSpec, layer: LayerSpec): number | undefined {
  const kernel = layer.weights.find(({ part }) => part === 'kernel');
  const rms = kernel === undefined ? undefined : drawnRms(spec, kernel);
  return rms === undefined || kernel === undefined ? undefined : rms * Math.sqrt(kernel.effectiveFanIn);
}

/** The gain a scenario starts from: of the layer meant, or of the first. */
export function startingGain(spec: ModelSpec, layer?: string): number {
  const meant = askable(spec).find(({ id }) => layer === undefined || id === layer);
  const gain = (meant && presentGain(spec, meant)) ?? 1;
  return Math.min(16, Math.max(1 / 16, gain));
}

/** Predicts a model's layers in a report's units. */
function predictedLayers(spec: ModelSpec, memory: PredictionMemory): PredictedLayers {
  const { nodes } = predictNodes(spec, memory);
  const layers = new Map<string, Quantities>();
  for (const { id, layer } of spec.nodes)
    if (!layers.has(layer))
      layers.set(layer, predictedQuantities(Object.hasOwn(nodes, id) ? nodes[id] : undefined));
  return layers;
}

/**
 * Predicts scenarios of one model quickly: sizes are worked out once, and only what lies behind the first changed layer is
 * propagated again. Throws an InputError where a size does not fit.
 */
export function predictor(spec: ModelSpec): (scenario: Scenario) => PredictedLayers {
  let memory = predictionMemory();
  let size = '';
  let sized = spec;
  return (scenario) => {
    const { width = 1, depth = 1, layer, ...rest } = scenario;
    const wanted = width === 1 && depth === 1 ? '' : JSON.stringify([width, depth, layer]);
    if (wanted !== size) {
      sized = resized(spec, { width, depth, ...(layer === undefined ? {} : { layer }) });
      size = wanted;
      memory = predictionMemory();
    }
    return predictedLayers(
      scenarioSpec(sized, { ...rest, ...(layer === undefined ? {} : { layer }) }),
      memory,
    );
  };
}
