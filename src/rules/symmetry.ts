import type { Symptom, WeightedNode, Context } from './context.ts';
import { average, proof } from './context.ts';
import { activationNode, consumers, listed } from './structure.ts';

/** How a kernel starts: units all equal (and zero or not), or told apart. */
interface Tie {
  readonly tied: boolean;
  readonly zero: boolean;
  /** rms(W) over the needed one. */
  readonly factor: number;
}

/** Whether a layer's kernel starts tied, measured where it was, else by its initializer. */
export function tieOf(
  context: Pick<Context, 'look' | 'prediction'> | { readonly prediction: Context['prediction'] },
  entry: { readonly layer: WeightedNode['layer']; readonly kernel: WeightedNode['kernel'] },
): Tie {
  const { layer, kernel } = entry;
  const need = context.prediction.weights?.[`${layer.id}|${kernel.name}`];
  const look = 'look' in context ? context.look : undefined;
  const units = kernel.shape.at(kernel.unitAxis) ?? 1;
  const distinct = average(look?.weight(layer.id, kernel.name, (stats) => stats.distinctUnits));
  const rms =
    average(look?.weight(layer.id, kernel.name, (stats) => stats.value.rms)) ?? need?.drawnRms ?? NaN;
  const tied = distinct === undefined ? (need?.tied ?? false) : distinct <= 1 / units + 1e-9;
  return { tied: tied && units > 1, zero: rms === 0, factor: need === undefined ? 1 : rms / need.neededRms };
}

const EXEMPT = ['residual-end', 'head', 'branch-scale', 'gate'] as const;

function cutsAtZero(context: Context, entry: WeightedNode): boolean {
  const node = activationNode(context, entry.node);
  const layer = node === undefined ? undefined : context.layers.get(node.layer);
  return (
    layer?.activation !== undefined &&
    ['relu', 'relu6', 'clipped_relu', 'threshold'].includes(layer.activation.id)
  );
}

/** Weighted layers that take this one's output, through anything. */
function weightedConsumers(
  context: Context,
  node: string,
  seen = new Set<string>(),
): readonly WeightedNode[] {
  if (seen.has(node)) return [];
  seen.add(node);
  return consumers(context.spec, node).flatMap((next) => {
    const entry = context.weighted.find((candidate) => candidate.node.id === next.id);
    return entry === undefined ? weightedConsumers(context, next.id, seen) : [entry];
  });
}

/** `symmetric-units`: tied hidden kernels, as measured. */
export function symmetrySymptoms(context: Context): readonly Symptom[] {
  const small = context.threshold('symmetric-units', 'factor');
  const hidden = context.weighted.filter(({ layer }) => !EXEMPT.some((role) => layer.roles.includes(role)));
  const ties = new Map(context.weighted.map((entry) => [entry.layer.id, tieOf(context, entry)]));
  const tied = (entry: WeightedNode): boolean => ties.get(entry.layer.id)?.tied ?? false;
  const several = hidden.filter(tied).length > 1;
  const broken = hidden.filter((entry) => {
    const tie = ties.get(entry.layer.id);
    if (tie?.tied !== true) return false;
    const next = weightedConsumers(context, entry.node.id);
    const consumersTied = next.length > 0 && next.every(tied);
    if (tie.zero) return cutsAtZero(context, entry) || consumersTied;
    const matters = tie.factor >= small || entry.layer.roles.includes('before-norm');
    return matters || several || consumersTied;
  });
  const [first] = broken;
  if (first === undefined) return [];
  const zero = ties.get(first.layer.id)?.zero === true;
  const distinct = { mean: 1, lo: 1, hi: 1, n: context.measurement.seeds.length };
  const names = broken.map(({ layer }) => layer.id);
  return [
    {
      rule: 'symmetric-units',
      severity: 'error',
      layer: first.layer.id,
      layers: names,
      chain: true,
      cause: first.layer.id,
      message: `all units of ${listed(names)} start ${zero ? 'at zero' : 'equal'} and ${zero && cutsAtZero(context, first) ? 'never get a gradient' : 'stay equal'}`,
      values: [proof('distinct units', distinct, [2, null], '')],
    },
  ];
}

/** `duplicate-weights`: kernels of different layers with the same bits in every seed. */
export function duplicateSymptoms(context: Context): readonly Symptom[] {
  const [seed] = context.measurement.seeds;
  if (seed === undefined) return [];
  const groups = new Map<string, string[]>();
  for (const weight of seed.weights) {
    const entry = context.weighted.find(
      ({ layer, kernel }) => layer.id === weight.layer && kernel.name === weight.weight,
    );
    if (entry === undefined || tieOf(context, entry).tied || weight.value.std === 0) continue;
    groups.set(weight.fingerprint, [...(groups.get(weight.fingerprint) ?? []), weight.layer]);
  }
  return [...groups.values()].flatMap((layers): Symptom[] => {
    const [first] = layers;
    if (first === undefined || layers.length < 2) return [];
    return [
      {
        rule: 'duplicate-weights',
        severity: 'information',
        layer: first,
        layers,
        chain: false,
        cause: first,
        message: `the kernels of ${listed(layers)} start with the same values`,
        values: [
          proof(
            'equal kernels',
            { mean: layers.length, lo: layers.length, hi: layers.length, n: 1 },
            [null, 1],
            '',
          ),
        ],
      },
    ];
  });
}
