import { signalQuantity } from '../model/layerSignal.ts';
import { spellInitializer } from '../model/initializers/spell.ts';
import type { Measurement } from '../model/measurement.ts';
import { unprovenPart } from '../model/layers/unproven.ts';
import type { Prediction } from '../model/prediction.ts';
import type {
  LayerDistributions,
  LayerQuantity,
  Measured,
  RepairProfile,
  ReportLayer,
} from '../model/report.ts';
import type { LayerSpec, ModelSpec, NodeSpec, WeightSpec } from '../model/spec.ts';
import { trunk } from '../model/trunk.ts';
import { layerQuantities, type LayerQuantities } from '../rules/layerQuantities.ts';
import { drawnRms, neededGain } from '../theory/needs.ts';
import { predictedQuantities } from '../theory/quantities.ts';

type Quantities = Partial<Readonly<Record<LayerQuantity, Measured>>>;

function initializerOf(
  spec: ModelSpec,
  layer: LayerSpec,
  weight: WeightSpec,
): ReportLayer['initializers'][number] {
  const { initializer, fanIn, effectiveFanIn, part, name } = weight;
  const spelled = spellInitializer(initializer, spec.semantics.value)?.code ?? initializer.written;
  const base = { weight: name, spec: initializer, spelled: shortSpelling(spelled), fanIn, effectiveFanIn };
  if (part !== 'kernel') return base;
  const needs = neededGain(spec, layer.id);
  const rms = drawnRms(spec, weight);
  return needs === undefined || rms === undefined
    ? base
    : { ...base, gain: { has: rms * Math.sqrt(effectiveFanIn), needs } };
}

/** Code without the package it comes from: `HeNormal()`, `nn.init` calls without their tensor. */
function shortSpelling(code: string): string {
  return code
    .replace(/^(?:tf\.)?keras\.initializers\.|^tf\.initializers\.|^nn\.init\./, '')
    .replace(/, seed=None|seed=None, |\(seed=None\)/, (found) => (found.startsWith('(') ? '()' : ''))
    .replace(/\(\)$/, '');
}

function distributionsOf(measurement: Measurement, layer: string): LayerDistributions {
  const [seed] = measurement.seeds;
  const tap = (quantity: 'preActivation' | 'activation') =>
    seed?.taps.find((each) => each.layer === layer && each.quantity === quantity);
  const pre = tap('preActivation');
  const activation = tap('activation');
  const weight = seed?.weights.find((each) => each.layer === layer);
  const gradient = pre?.gradient ?? activation?.gradient;
  return {
    ...(pre === undefined ? {} : { preActivation: pre.value }),
    ...(activation === undefined ? {} : { activation: activation.value }),
    ...(gradient === undefined ? {} : { gradient }),
    ...(weight === undefined ? {} : { weight: weight.value }),
    ...(weight?.singular === undefined ? {} : { singular: weight.singular }),
  };
}

/** What the layers of a report are made from. */
interface LayerFacts {
  readonly spec: ModelSpec;
  readonly prediction: Prediction;
  readonly measurement?: Measurement | undefined;
  readonly twin?: Measurement | undefined;
  readonly distributions: boolean;
}

function parametersOf(layer: LayerSpec): number {
  const own = layer.weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const inner = layer.inner?.reduce((sum, each) => sum + parametersOf(each), 0) ?? 0;
  return own === 0 ? inner : own;
}

/** Every layer in the order of its first call, with what was measured, predicted and expected of it. */
export function reportLayers({
  spec,
  prediction,
  measurement,
  twin,
  distributions,
}: LayerFacts): ReportLayer[] {
  const firstNode = new Map<string, NodeSpec>();
  for (const node of spec.nodes) if (!firstNode.has(node.layer)) firstNode.set(node.layer, node);
  const onTrunk = trunk(spec);
  const measured = measurement === undefined ? {} : layerQuantities(spec, prediction, measurement);
  const expected = twin === undefined ? {} : layerQuantities(spec, prediction, twin);
  const reasons = new Map(measurement?.notMeasured.map(({ layer, reason }) => [layer, reason]));
  const order = [...firstNode.keys()];
  const layers = new Map(spec.layers.map((layer) => [layer.id, layer]));
  return order.flatMap((id): ReportLayer[] => {
    const layer = layers.get(id);
    const node = firstNode.get(id);
    if (layer === undefined || node === undefined) return [];
    const reason = reasons.get(id) ?? layer.opaque;
    const unproven = unprovenPart(layer);
    return [
      {
        id,
        path: id.split('/'),
        name: layer.name,
        class: layer.className,
        kind: layer.kind,
        ...(layer.activation === undefined ? {} : { activation: layer.activation.written }),
        shape: node.outputs[0] ?? [],
        origins: layer.origins,
        roles: layer.roles,
        trunk: onTrunk.has(node.id),
        parameters: parametersOf(layer),
        initializers: layer.weights.map((weight) => initializerOf(spec, layer, weight)),
        measured: quantitiesOf(measured, id),
        predicted: predictedQuantities(
          Object.hasOwn(prediction.nodes, node.id) ? prediction.nodes[node.id] : undefined,
        ),
        expected: quantitiesOf(expected, id),
        ...(reason === undefined ? {} : { notMeasured: reason }),
        ...(unproven === undefined ? {} : { unproven }),
        ...(distributions && measurement !== undefined
          ? { distributions: distributionsOf(measurement, id) }
          : {}),
      },
    ];
  });
}

function quantitiesOf(all: Readonly<Record<string, Quantities>>, id: string): Quantities {
  return Object.hasOwn(all, id) ? (all[id] ?? {}) : {};
}

/** What was measured with other initializers, layer by layer of a report. */
export function repairProfile(layers: readonly ReportLayer[], repaired: LayerQuantities): RepairProfile {
  const all = layers.map((layer) => ({ own: quantitiesOf(repaired, layer.id), layer }));
  return {
    signal: all.map(({ own, layer }) => own[signalQuantity(layer)]?.mean ?? null),
    gradient: all.map(({ own }) => own.gradientNorm?.mean ?? null),
  };
}

/** Edges between layers, each once, in graph order. */
export function layerEdges(spec: ModelSpec): { from: string; to: string }[] {
  const layerOf = new Map(spec.nodes.map(({ id, layer }) => [id, layer]));
  const seen = new Set<string>();
  return spec.nodes.flatMap((node) =>
    node.inputs.flatMap(({ node: source }) => {
      const from = layerOf.get(source);
      const key = JSON.stringify([from, node.layer]);
      if (from === undefined || seen.has(key)) return [];
      seen.add(key);
      return [{ from, to: node.layer }];
    }),
  );
}
