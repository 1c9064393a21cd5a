import type { Change } from '../model/change.ts';
import { everyLayer } from '../model/everyLayer.ts';
import type { Finding } from '../model/finding.ts';
import type { Measurement } from '../model/measurement.ts';
import type { InitializerSpec } from '../model/initializers/initializer.ts';
import type { LayerSpec, ModelSpec, WeightSpec } from '../model/spec.ts';
import { following } from '../theory/following.ts';
import { drawnRms, neededRms, varianceInitializer } from '../theory/needs.ts';
import { fittedChanges, joined, twinChanges, type SingleChange } from './twin.ts';

const UNSTABLE = new Set(['gelu', 'gelu_tanh', 'silu', 'mish', 'hard_silu']);

/** Rules that a change of initializers can repair. */
const REPAIRABLE = new Set([
  'non-finite',
  'exploding-signal',
  'vanishing-signal',
  'constant-signal',
  'vanishing-gradient',
  'exploding-gradient',
  'normalized-kernel-scale',
  'residual-growth',
  'correlation-collapse',
  'dead-relu',
  'bias-init',
  'saturated-activation',
  'symmetric-units',
  'recurrent-scale',
  'attention-saturation',
  'embedding-scale',
  'initial-loss',
  'framework-trap',
  'initializer-mismatch',
  'unscaled-initializer',
]);

const advised = (id: string, params: InitializerSpec['params']): InitializerSpec => ({
  id,
  params,
  seed: null,
  written: '(advised)',
});

const kernelOf = (layer: LayerSpec): WeightSpec | undefined =>
  layer.weights.find(({ part }) => part === 'kernel');

/** Kernels that an unstable activation follows, at He's variance instead of the quadrature gain's. */
function heForUnstable(spec: ModelSpec): readonly SingleChange[] {
  return everyLayer(spec.layers).flatMap((layer): SingleChange[] => {
    const kernel = kernelOf(layer);
    if (kernel === undefined || layer.roles.includes('head') || layer.roles.includes('residual-end'))
      return [];
    if (!UNSTABLE.has(following(spec, layer.id).activation.id)) return [];
    return [
      {
        layer: layer.id,
        weight: kernel.name,
        initializer: varianceInitializer(spec, kernel, 2 / kernel.effectiveFanIn),
      },
    ];
  });
}

/** Every kernel that stands on a squashing activation at the gain that keeps its slope: 1/φ′(0) (sigmoid: 4). */
function steepForSigmoid(spec: ModelSpec): readonly SingleChange[] {
  return everyLayer(spec.layers).flatMap((layer): SingleChange[] => {
    const kernel = kernelOf(layer);
    if (kernel === undefined || layer.roles.includes('head')) return [];
    const { id } = following(spec, layer.id).activation;
    if (id !== 'sigmoid' && id !== 'hard_sigmoid') return [];
    return [
      {
        layer: layer.id,
        weight: kernel.name,
        initializer: varianceInitializer(spec, kernel, 16 / kernel.effectiveFanIn),
      },
    ];
  });
}

/** Branch ends at zero: the residual net starts as the identity (Fixup, SkipInit). */
function zeroEnds(spec: ModelSpec): readonly SingleChange[] {
  return everyLayer(spec.layers).flatMap((layer): SingleChange[] => {
    const kernel = kernelOf(layer);
    return kernel === undefined || !layer.roles.includes('residual-end')
      ? []
      : [{ layer: layer.id, weight: kernel.name, initializer: advised('zeros', {}) }];
  });
}

/** A head a tenth as large as its input wants: logits of std 0.1 to 0.3. */
function smallHead(spec: ModelSpec, layers: ReadonlySet<string>): readonly SingleChange[] {
  return everyLayer(spec.layers).flatMap((layer): SingleChange[] => {
    const kernel = kernelOf(layer);
    if (kernel === undefined || !layer.roles.includes('head') || !layers.has(layer.id)) return [];
    const needed = neededRms(spec, layer, kernel) ?? 0;
    return [
      {
        layer: layer.id,
        weight: kernel.name,
        initializer: varianceInitializer(spec, kernel, (0.1 * needed) ** 2),
      },
    ];
  });
}

function smallTables(spec: ModelSpec, layers: ReadonlySet<string>): readonly SingleChange[] {
  return everyLayer(spec.layers).flatMap((layer) =>
    layer.weights.flatMap((weight): SingleChange[] =>
      weight.part === 'table' && layers.has(layer.id) && (drawnRms(spec, weight) ?? 0) > 0.03
        ? [
            {
              layer: layer.id,
              weight: weight.name,
              initializer: advised('randomNormal', { mean: 0, stddev: 0.02 }),
            },
          ]
        : [],
    ),
  );
}

/** Forget biases of 1, where the layer's bias can say it. PyTorch's second bias is added to the first and keeps its draw. */
function forgetBias(spec: ModelSpec, finding: Finding): readonly SingleChange[] {
  return everyLayer(spec.layers).flatMap((layer) =>
    layer.weights.flatMap((weight): SingleChange[] =>
      finding.layers.includes(layer.id) &&
      weight.part === 'bias' &&
      weight.gates === 4 &&
      !weight.name.includes('recurrent_bias')
        ? [{ layer: layer.id, weight: weight.name, initializer: advised('forgetGateOnes', {}) }]
        : [],
    ),
  );
}

const sameAs = (left: readonly Change[], right: readonly Change[]): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

/** The bias that holds the prior of the user's labels, where one number can: a head of one unit. */
function priorBias(
  spec: ModelSpec,
  layer: string,
  measurement: Measurement | undefined,
): readonly SingleChange[] {
  const bias = measurement?.seeds[0]?.losses.map(({ prior }) => prior?.bias ?? []) ?? [];
  const [value, ...more] = bias[0] ?? [];
  const head = everyLayer(spec.layers).find(({ id }) => id === layer);
  const weight = head?.weights.find(({ part }) => part === 'bias');
  if (bias.length !== 1 || value === undefined || more.length > 0 || weight === undefined) return [];
  const rounded = Number(value.toPrecision(3));
  return [{ layer, weight: weight.name, initializer: advised('constant', { value: rounded }) }];
}

/**
 * Sets of changes worth measuring against a finding, smallest first: the fitted initializers of its layers, what suits its rule,
 * and the whole twin. Each differs from the others and changes something; empty where no initializer can help.
 */
export function candidates(
  spec: ModelSpec,
  finding: Finding,
  measurement?: Measurement,
): readonly (readonly Change[])[] {
  if (finding.rule === 'output-bias') return nonEmpty([joined(priorBias(spec, finding.layer, measurement))]);
  if (finding.rule === 'lstm-forget-bias') return nonEmpty([joined(forgetBias(spec, finding))]);
  if (!REPAIRABLE.has(finding.rule)) return [];
  const layers = new Set([finding.layer, ...finding.layers]);
  const sets: (readonly Change[])[] = [
    joined(fittedChanges(spec, new Set([finding.layer]))),
    joined(fittedChanges(spec, layers)),
  ];
  if (finding.rule === 'embedding-scale') sets.push(joined(smallTables(spec, layers)));
  if (finding.rule === 'initial-loss') sets.push(joined(smallHead(spec, layers)));
  if (finding.rule === 'residual-growth') sets.push(joined(zeroEnds(spec)));
  sets.push(twinChanges(spec));
  const he = heForUnstable(spec);
  if (he.length > 0) sets.push(joined([...withoutLayers(fittedChanges(spec), he), ...he]));
  if (finding.rule.endsWith('gradient') || finding.rule.endsWith('signal')) {
    const steep = steepForSigmoid(spec);
    if (steep.length > 0) sets.push(joined([...withoutLayers(fittedChanges(spec), steep), ...steep]));
  }
  return nonEmpty(sets);
}

function withoutLayers(
  all: readonly SingleChange[],
  replaced: readonly SingleChange[],
): readonly SingleChange[] {
  const gone = new Set(replaced.map(({ layer, weight }) => `${layer}|${weight}`));
  return all.filter(({ layer, weight }) => !gone.has(`${layer}|${weight}`));
}

function nonEmpty(sets: readonly (readonly Change[])[]): readonly (readonly Change[])[] {
  const kept: (readonly Change[])[] = [];
  for (const set of sets) {
    if (set.length > 0 && !kept.some((other) => sameAs(other, set))) kept.push(set);
  }
  return kept;
}
