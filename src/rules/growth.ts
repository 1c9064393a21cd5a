import { formatNumber, formatRatio } from '../model/numberText.ts';
import type { NodeSpec } from '../model/spec.ts';
import { average, logs, proof, type Context, type Symptom } from './context.ts';
import { staticFactorOf } from './factors.ts';
import { above, scaleInterval } from './interval.ts';
import { decided } from './scale.ts';
import { listed } from './structure.ts';

/** `residual-growth`: growth of the variance per residual block over the second half. */
export function residualSymptoms(context: Context): readonly Symptom[] {
  const sums = context.spec.nodes.filter((node) => {
    const layer = context.layers.get(node.layer);
    return layer?.kind === 'merge' && layer.config['op'] === 'add' && context.trunk.has(node.id);
  });
  const branches = context.weighted.filter(({ layer }) => layer.roles.includes('residual-end'));
  if (sums.length < 4 || branches.length < 4) return [];
  const [middle, ...later] = sums.slice(Math.floor((sums.length - 1) / 2));
  const last = later.at(-1);
  if (middle === undefined || last === undefined) return [];
  if (later.every((sum) => branchNormed(context, sum))) return [];
  const blocks = later.length;
  const from = logs(context.look.values(middle.id, 'activation', (tap) => tap.value.rms));
  const to = logs(context.look.values(last.id, 'activation', (tap) => tap.value.rms));
  if (from === undefined || to === undefined) return [];
  const growth = scaleInterval(to.map((value, index) => (2 * (value - (from[index] ?? 0))) / blocks));
  const limit = context.threshold('residual-growth', 'growth');
  if (!decided(context, above(growth, limit))) return [];
  const [first] = branches;
  return [
    {
      rule: 'residual-growth',
      severity: 'warning',
      layer: first?.layer.id ?? last.layer,
      layers: branches.map(({ layer }) => layer.id),
      chain: false,
      cause: first?.layer.id ?? last.layer,
      message: `the variance grows ${formatRatio(growth.mean)} per residual block: branches are neither scaled nor normalised`,
      values: [proof('variance per block', growth, [null, limit], 'ratio')],
    },
  ];
}

/** Whether what is added at a sum passed a norm since the shortcut left: then it does not grow with the trunk, and growth is additive. */
function branchNormed(context: Context, sum: NodeSpec): boolean {
  const nodes = new Map(context.spec.nodes.map((node) => [node.id, node]));
  const normed = (start: string): boolean => {
    for (let at = nodes.get(start); at !== undefined && !context.trunk.has(at.id);) {
      if (context.layers.get(at.layer)?.roles.includes('norm') === true) return true;
      const before = at.inputs[0]?.node;
      at = before === undefined ? undefined : nodes.get(before);
    }
    return false;
  };
  return sum.inputs.some(({ node }) => normed(node));
}

/** `normalized-kernel-scale`: kernels before a norm that are far too large. */
export function normalizedKernelSymptoms(context: Context): readonly Symptom[] {
  const limit = context.threshold('normalized-kernel-scale', 'ratio');
  const large = context.weighted.flatMap((entry) => {
    if (!entry.layer.roles.includes('before-norm')) return [];
    const factor = staticFactorOf(context, entry);
    return factor !== undefined && factor > limit ? [{ entry, factor }] : [];
  });
  const [first] = large;
  if (first === undefined) return [];
  const names = large.map(({ entry }) => entry.layer.id);
  const most = Math.max(...large.map(({ factor }) => factor));
  const measured = { mean: most, lo: first.factor, hi: most, n: context.measurement.seeds.length };
  return [
    {
      rule: 'normalized-kernel-scale',
      severity: 'warning',
      layer: first.entry.layer.id,
      layers: names,
      chain: false,
      cause: first.entry.layer.id,
      message: `the ${large.length === 1 ? 'kernel' : 'kernels'} of ${listed(names)} ${large.length === 1 ? 'is' : 'are'} ${formatNumber(first.factor)} times the advised size before a norm: effective steps are ${formatNumber(first.factor ** 2)} times smaller`,
      values: [
        proof(
          'rms(W) / advised',
          { ...measured, lo: Math.min(measured.lo, measured.mean) },
          [null, limit],
          'ratio',
        ),
      ],
    },
  ];
}

/** `scale-lottery`: seeds differ by far more than width and depth explain. */
export function lotterySymptoms(context: Context): readonly Symptom[] {
  const last = context.weighted.findLast(({ onTrunk, layer }) => onTrunk && !layer.roles.includes('head'));
  if (last === undefined || context.measurement.seeds.length < 4) return [];
  const values = logs(context.look.values(last.node.id, 'activation', (tap) => tap.value.rms));
  const sigma = context.prediction.nodes[last.node.id]?.sdLog;
  const depth = context.weighted.filter(({ onTrunk }) => onTrunk).length;
  if (values === undefined || sigma === undefined || sigma <= 0.01 || depth < 5) return [];
  const mean = average(values) ?? 0;
  const sd = Math.sqrt(values.reduce((all, value) => all + (value - mean) ** 2, 0) / (values.length - 1));
  const limit = context.threshold('scale-lottery', 'ratio');
  const ratio = sd / (0.5 * Math.sqrt(widthSum(context)));
  if (!(ratio > limit) || sd < 0.5) return [];
  const measured = { mean: ratio, lo: ratio / 2, hi: ratio * 2, n: values.length };
  return [
    {
      rule: 'scale-lottery',
      severity: 'information',
      layer: last.layer.id,
      chain: true,
      message: `seeds differ by a factor ${formatNumber(Math.exp(sd))} in the scale of ${last.layer.id}: ${formatNumber(ratio)} times what width and depth explain`,
      values: [proof('sd of ln rms / expected', measured, [null, limit], 'ratio')],
    },
  ];
}

/** Σ 5/n over the trunk's weighted layers (theory.md §3.0). */
function widthSum(context: Context): number {
  return context.weighted
    .filter(({ onTrunk }) => onTrunk)
    .reduce((all, { node }) => all + 5 / Math.max(1, node.outputs[0]?.at(-1) ?? 1), 0);
}
