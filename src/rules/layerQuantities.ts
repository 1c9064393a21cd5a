import type { Measurement, Quantity, TapStats } from '../model/measurement.ts';
import type { Prediction } from '../model/prediction.ts';
import type { LayerQuantity, Measured } from '../model/report.ts';
import type { ModelSpec, NodeSpec } from '../model/spec.ts';
import { average, logs, Look } from './context.ts';
import { scaleInterval, shareInterval } from './interval.ts';

/** Quantities of each layer (its first call) over seeds, with the interval of rules.md: scales geometric, shares arithmetic. */
export type LayerQuantities = Readonly<Record<string, Partial<Readonly<Record<LayerQuantity, Measured>>>>>;

type Pick = (tap: TapStats) => number | undefined;

function scale(values: readonly number[] | undefined, sigma: number | undefined): Measured | undefined {
  if (values === undefined) return undefined;
  const logarithms = logs(values);
  if (logarithms !== undefined) return scaleInterval(logarithms, sigma);
  // The geometric mean with a zero is zero: a mean of the seeds that are left would rise where the others end.
  const finite = values.every(Number.isFinite);
  const mean = finite ? 0 : (average(values) ?? NaN);
  return { mean, lo: Math.min(...values), hi: Math.max(...values), n: values.length };
}

const share = (values: readonly number[] | undefined, low = 0): Measured | undefined =>
  values === undefined ? undefined : shareInterval(values, low);

function ofNode(
  look: Look,
  node: NodeSpec,
  prediction: Prediction,
): Partial<Record<LayerQuantity, Measured>> {
  const predicted = prediction.nodes[node.id];
  const sigma = predicted === undefined ? undefined : Math.max(predicted.sdLog, 1e-3);
  const at = (quantity: Quantity, pick: Pick): readonly number[] | undefined =>
    look.values(node.id, quantity, pick);
  const enough =
    (pick: Pick): Pick =>
    (tap) =>
      (tap.units?.samples ?? 0) >= 64 ? pick(tap) : undefined;
  const result: Partial<Record<LayerQuantity, Measured>> = {};
  const set = (name: LayerQuantity, value: Measured | undefined): void => {
    if (value !== undefined) result[name] = value;
  };
  set(
    'preActivation',
    scale(
      at('preActivation', (tap) => tap.value.rms),
      sigma,
    ),
  );
  set(
    'activation',
    scale(
      at('activation', (tap) => tap.value.rms),
      sigma,
    ),
  );
  set(
    'stdOverData',
    scale(
      at('activation', (tap) => tap.units?.stdOverData),
      sigma,
    ),
  );
  const norm: Pick = (tap) => tap.gradientNorm;
  set('gradientNorm', scale(at('preActivation', norm) ?? at('activation', norm), undefined));
  set('zeros', share(at('activation', (tap) => tap.value.zeros)));
  set(
    'dead',
    share(
      at(
        'activation',
        enough((tap) => tap.units?.dead),
      ),
    ),
  );
  set(
    'alwaysOn',
    share(
      at(
        'activation',
        enough((tap) => tap.units?.alwaysOn),
      ),
    ),
  );
  set(
    'saturated',
    share(
      at('activation', (tap) => tap.units?.saturated) ?? at('preActivation', (tap) => tap.units?.saturated),
    ),
  );
  set(
    'cosine',
    share(
      at('activation', (tap) => tap.units?.cosine),
      -1,
    ),
  );
  return result;
}

/** The quantities of every layer that was measured, by layer id. */
export function layerQuantities(
  spec: ModelSpec,
  prediction: Prediction,
  measurement: Measurement,
): LayerQuantities {
  const look = new Look(measurement);
  const result: Record<string, Partial<Record<LayerQuantity, Measured>>> = Object.create(null) as Record<
    string,
    Partial<Record<LayerQuantity, Measured>>
  >;
  for (const node of spec.nodes) {
    if (result[node.layer] === undefined) result[node.layer] = ofNode(look, node, prediction);
  }
  for (const layer of spec.layers) {
    const kernel = layer.weights.find(({ part }) => part === 'kernel' || part === 'table');
    const entry = result[layer.id];
    if (kernel === undefined || entry === undefined) continue;
    const weight = scale(
      look.weight(layer.id, kernel.name, (stats) => stats.value.rms),
      undefined,
    );
    const ratio = scale(
      look.weight(layer.id, kernel.name, (stats) =>
        stats.gradient === undefined || stats.value.rms === 0
          ? undefined
          : stats.gradient.rms / stats.value.rms,
      ),
      undefined,
    );
    if (weight !== undefined) entry.weight = weight;
    if (ratio !== undefined) entry.gradientToWeight = ratio;
  }
  return result;
}
