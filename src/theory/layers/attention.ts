import type { LayerLaw } from '../law.ts';
import { size } from '../law.ts';
import type { LayerSpec, ModelSpec, WeightSpec } from '../../model/spec.ts';
import { affine, NO_BIAS, type Signal } from '../signal.ts';
import { weightMoments } from '../law.ts';

/** What two positions of one sample share. */
const shared = ({ place, cross }: Signal): number => place ?? cross;

/** Mean of values under softmax weights of logits with this variance: Σα² ≈ e^(s²)/T, at most 1; two queries' weights are taken as independent. */
function attended(values: Signal, logitVariance: number, positions: number): Signal {
  const concentration = Math.min(1, Math.exp(Math.min(logitVariance, 50)) / positions);
  const { profile: _, gaussian: __, ...plain } = values;
  const over = (own: number, others: number, share: number): number => own * share + others * (1 - share);
  const second = over(values.second, shared(values), concentration);
  if (values.place === undefined) return { ...plain, second };
  const across = over(values.cross, values.far ?? values.cross, 1 / positions);
  const place = Math.min(second, over(values.second, values.place, 1 / positions));
  return { ...plain, second, place, cross: across, far: across };
}

function project(spec: ModelSpec, layer: LayerSpec, signal: Signal, pattern: RegExp): Signal | undefined {
  const kernel = layer.weights.find(
    (weight: WeightSpec) => weight.part === 'kernel' && pattern.test(weight.name),
  );
  if (kernel === undefined) return undefined;
  const bias = layer.weights.find((weight) => weight.part === 'bias' && pattern.test(weight.name));
  return affine(
    signal,
    kernel.effectiveFanIn,
    weightMoments(spec, kernel),
    bias === undefined ? NO_BIAS : weightMoments(spec, bias),
  );
}

/** Multi-head and grouped-query attention: logits of variance E[q²]·E[k²] after 1/√d; the values' mean; output projection. */
export const multiHeadAttentionLaw: LayerLaw = ({ spec, layer, inputs, inputShapes }) => {
  const [query, second = query, third = second] = inputs;
  if (query === undefined || second === undefined || third === undefined) return 'it has no input';
  const q = project(spec, layer, query, /query/);
  const k = project(spec, layer, third, /key/);
  const v = project(spec, layer, second, /value/);
  if (q === undefined || k === undefined || v === undefined) return 'its projections are not named';
  const positions = size((inputShapes[1] ?? inputShapes[0])?.at(1));
  const mixed = attended(v, q.second * Math.max(0, k.second - shared(k)), positions);
  const output = project(spec, layer, mixed, /output|out_proj/) ?? mixed;
  return { outputs: [output], back: () => undefined };
};

/** Dot-product and additive attention without projections. */
export const attentionLaw: LayerLaw = ({ layer, inputs, inputShapes }) => {
  const [query, value, key = value] = inputs;
  if (query === undefined || value === undefined || key === undefined) return 'it has no value input';
  const width = size(inputShapes[0]?.at(-1));
  const positions = size(inputShapes[1]?.at(1));
  const additive = /additive/i.test(layer.className);
  const logits = additive ? width * 0.4 : width * query.second * Math.max(0, key.second - shared(key));
  return { outputs: [attended(value, logits, positions)], back: () => undefined };
};

/** Attention over heads without projections: logits of variance scale² · size · E[q²] · what keys do not share. */
export const dotProductAttentionLaw: LayerLaw = ({ layer, inputs, inputShapes }) => {
  const [query, key, value] = inputs;
  if (query === undefined || key === undefined || value === undefined) return 'it has no value input';
  const width = size(inputShapes[0]?.at(-1));
  const given = layer.config['scale'];
  const squared = typeof given === 'number' ? given ** 2 : 1 / width;
  const logits = squared * width * query.second * Math.max(0, key.second - shared(key));
  return { outputs: [attended(value, logits, size(inputShapes[1]?.at(1)))], back: () => undefined };
};
