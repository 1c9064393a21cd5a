import { dotAxes, type DotConfig } from '../../model/layers/dot.ts';
import type { Arriving, LayerLaw } from '../law.ts';
import { size } from '../law.ts';
import type { Signal } from '../signal.ts';

/** Σ over `terms` products of two independent tensors: E[(Σ ab)²] = n·E[a²]E[b²] + n(n − 1)·E[aa′]E[bb′]. */
function product(a: Signal, b: Signal, terms: number): Signal {
  const pairs = terms * (terms - 1);
  const unit = pairs * a.unit * b.unit;
  const unitCross = pairs * a.unitCross * b.unitCross;
  return {
    mean: terms * a.mean * b.mean,
    second: terms * a.second * b.second + unit,
    cross: terms * a.cross * b.cross + unitCross,
    unit: terms * a.mean ** 2 * b.mean ** 2 + unit,
    unitCross: terms * a.mean ** 2 * b.mean ** 2 + unitCross,
    logVariance: a.logVariance + b.logVariance,
  };
}

/** Dot products over one axis of two independent inputs; the gradient of each is the other's size times as large. */
export const dotLaw: LayerLaw = ({ layer, node, inputs, inputShapes }) => {
  const [a, b] = inputs;
  const [left, right] = inputShapes;
  if (a === undefined || b === undefined || left === undefined || right === undefined)
    return 'it has not two inputs';
  const [first, second] = node.inputs;
  if (first?.node === second?.node) return 'both its inputs are one tensor';
  const config = layer.config as unknown as DotConfig;
  if (config.normalize) return 'there is no moment law for cosines of directions';
  const terms = size(left[dotAxes(config, left, right)[0]]);
  return {
    outputs: [product(a, b, terms)],
    back: ({ energy }) => {
      const to = (other: Signal): Arriving => ({ energy: energy * terms * other.second });
      return { own: energy, inputs: [to(b), to(a)] };
    },
  };
};
