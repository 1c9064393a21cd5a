import type { ActivationKind } from './activation.ts';
import { logistic } from './erf.ts';

const none = (): readonly number[] => [];

/** tanh′ = 1 − a² falls below 5 % of its maximum beyond this output. */
const TANH_EDGE = Math.sqrt(0.95);
/** σ′ = a(1 − a) falls below 5 % of ¼ below this output, and above one minus it. */
const SIGMOID_EDGE = (1 - TANH_EDGE) / 2;
/** softsign′ = (1 − |a|)² falls below 5 % beyond this output. */
const SOFTSIGN_EDGE = 1 - Math.sqrt(0.05);
/** A float32 that is clipped to a bound is nearer to it than this. */
const CLIP = 1e-6;

/** Activations with a flat part on both sides. */
export const SATURATING: readonly ActivationKind[] = [
  {
    id: 'tanh',
    names: ['tanh', 'Tanh'],
    family: 'saturating',
    params: {},
    value: (z) => Math.tanh(z),
    slope: (z) => 1 - Math.tanh(z) ** 2,
    kinks: none,
    flat: { on: 'post', low: -TANH_EDGE, high: TANH_EDGE },
  },
  {
    id: 'sigmoid',
    names: ['sigmoid', 'Sigmoid', 'logistic'],
    family: 'saturating',
    params: {},
    value: logistic,
    slope: (z) => logistic(z) * logistic(-z),
    kinks: none,
    flat: { on: 'post', low: SIGMOID_EDGE, high: 1 - SIGMOID_EDGE },
  },
  {
    id: 'hard_sigmoid',
    names: ['hard_sigmoid', 'hardSigmoid', 'hardsigmoid', 'Hardsigmoid', 'HardSigmoid'],
    family: 'saturating',
    params: { slope: 0.2 },
    value: (z, params) => Math.min(Math.max((params['slope'] ?? 0.2) * z + 0.5, 0), 1),
    slope: (z, params) => {
      const slope = params['slope'] ?? 0.2;
      return Math.abs(z) * slope < 0.5 ? slope : Math.abs(z) * slope > 0.5 ? 0 : slope / 2;
    },
    kinks: (params) => [-0.5 / (params['slope'] ?? 0.2), 0.5 / (params['slope'] ?? 0.2)],
    flat: { on: 'post', low: CLIP, high: 1 - CLIP },
  },
  {
    id: 'sparse_sigmoid',
    names: ['sparse_sigmoid'],
    family: 'saturating',
    params: {},
    value: (z) => Math.min(Math.max(0.5 * (z + 1), 0), 1),
    slope: (z) => (Math.abs(z) < 1 ? 0.5 : Math.abs(z) > 1 ? 0 : 0.25),
    kinks: () => [-1, 1],
    flat: { on: 'post', low: CLIP, high: 1 - CLIP },
  },
  {
    id: 'hard_tanh',
    names: ['hard_tanh', 'hardtanh', 'Hardtanh', 'hardTanh'],
    family: 'saturating',
    params: {},
    value: (z) => Math.min(Math.max(z, -1), 1),
    slope: (z) => (Math.abs(z) < 1 ? 1 : Math.abs(z) > 1 ? 0 : 0.5),
    kinks: () => [-1, 1],
    flat: { on: 'post', low: -1 + CLIP, high: 1 - CLIP },
  },
  {
    id: 'softsign',
    names: ['softsign', 'Softsign', 'softSign'],
    family: 'saturating',
    params: {},
    value: (z) => z / (1 + Math.abs(z)),
    slope: (z) => 1 / (1 + Math.abs(z)) ** 2,
    kinks: () => [0],
    flat: { on: 'post', low: -SOFTSIGN_EDGE, high: SOFTSIGN_EDGE },
  },
  {
    id: 'arctan',
    names: ['arctan', 'atan'],
    family: 'saturating',
    params: {},
    value: (z) => Math.atan(z),
    slope: (z) => 1 / (1 + z * z),
    kinks: none,
    flat: { on: 'pre', low: -Math.sqrt(19), high: Math.sqrt(19) },
  },
];
