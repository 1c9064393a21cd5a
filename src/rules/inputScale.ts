import type { Measurement, TensorStats } from '../model/measurement.ts';
import { formatNumber } from '../model/numberText.ts';
import type { LayerSpec, ModelSpec } from '../model/spec.ts';
import { average, proof, type Context, type Symptom } from './context.ts';
import { consumers, isNormKind } from './structure.ts';

/** Kinds that hand the data on, scaled or laid out anew: what counts is what comes out of them. */
const HANDS_ON =
  /^(rescaling|operation|flatten|reshape|permute|dropout|identity|cropping|padding|upSampling|resizing|repeatVector)$/;

/**
 * The nodes from which the first layers that compute take an input's data: behind rescalings, norms and reshapes. A Normalization layer
 * ends the search without one, since its statistics come from the program's own `adapt`.
 */
function entries(spec: ModelSpec, layers: ReadonlyMap<string, LayerSpec>, node: string): readonly string[] {
  const next = consumers(spec, node);
  if (next.length === 0) return [node];
  const found = next.flatMap((consumer): readonly string[] => {
    const layer = layers.get(consumer.layer);
    if (layer?.kind === 'normalization') return [];
    if (layer !== undefined && (HANDS_ON.test(layer.kind) || isNormKind(layer)))
      return entries(spec, layers, consumer.id);
    return [node];
  });
  return [...new Set(found)];
}

const isOneHot = ({ zeros, min, max }: TensorStats): boolean => zeros > 0.5 && min === 0 && max === 1;

/** Rms of the values at a node, of one-hot ones the rms of the non-zeros; undefined where nothing was tapped. */
export function dataRms(measurement: Measurement, node: string): number | undefined {
  return average(
    measurement.seeds.flatMap(({ taps }) =>
      taps
        .filter((tap) => tap.node === node && tap.quantity === 'activation' && tap.name === undefined)
        .map(({ value }) => value.rms / Math.sqrt(Math.max(1e-9, isOneHot(value) ? 1 - value.zeros : 1))),
    ),
  );
}

/** `input-scale`: the rms of the data given, where the first layers that compute take it. */
export function inputScaleSymptoms(context: Context): readonly Symptom[] {
  if (context.data !== true) return [];
  const { spec, layers } = context;
  const low = context.threshold('input-scale', 'low');
  const high = context.threshold('input-scale', 'high');
  return spec.inputs.flatMap((input): Symptom[] => {
    if (input.values === 'ids') return [];
    for (const entry of entries(spec, layers, input.node)) {
      const rms = dataRms(context.measurement, entry);
      if (rms === undefined || (rms >= low && rms <= high)) continue;
      const layer = spec.nodes.find((node) => node.id === input.node)?.layer ?? input.node;
      const where = entry === input.node ? `at ${input.name}` : `of ${input.name} behind ${entry}`;
      const measured = { mean: rms, lo: rms, hi: rms, n: context.measurement.seeds.length };
      return [
        {
          rule: 'input-scale',
          severity: 'warning',
          layer,
          chain: true,
          cause: layer,
          message: `the data ${where} has rms ${formatNumber(rms)}; initializers expect about 1: divide by ${formatNumber(rms)}, or standardise it (Rescaling, Normalization)`,
          values: [proof('rms of the data', measured, [low, high], 'rms')],
        },
      ];
    }
    return [];
  });
}
