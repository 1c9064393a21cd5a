import type { ActivationKind } from './activation.ts';
import { log1pExp, logistic, normalCdf, normalDensity } from './erf.ts';

/** λ and α of Klambauer et al. 2017 (theory.md §3.7). */
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

const GELU_C = Math.sqrt(2 / Math.PI);
const none = (): readonly number[] => [];
const zero = (): readonly number[] => [0];

const tanhGeluInner = (z: number): number => Math.tanh(GELU_C * (z + 0.044715 * z ** 3));

/** Activations that are about linear for large positive values and bend smoothly (or only once) into the negative side. */
export const SMOOTH_RECTIFIERS: readonly ActivationKind[] = [
  {
    id: 'elu',
    names: ['elu', 'ELU', 'elu_'],
    family: 'smooth-rectifier',
    params: { alpha: 1 },
    value: (z, params) => (z > 0 ? z : (params['alpha'] ?? 1) * Math.expm1(z)),
    slope: (z, params) => (z > 0 ? 1 : (params['alpha'] ?? 1) * Math.exp(z)),
    kinks: zero,
  },
  {
    id: 'celu',
    names: ['celu', 'CELU'],
    family: 'smooth-rectifier',
    params: { alpha: 1 },
    value: (z, params) => (z > 0 ? z : (params['alpha'] ?? 1) * Math.expm1(z / (params['alpha'] ?? 1))),
    slope: (z, params) => (z > 0 ? 1 : Math.exp(z / (params['alpha'] ?? 1))),
    kinks: zero,
  },
  {
    id: 'selu',
    names: ['selu', 'SELU'],
    family: 'smooth-rectifier',
    params: {},
    value: (z) => SELU_SCALE * (z > 0 ? z : SELU_ALPHA * Math.expm1(z)),
    slope: (z) =>
      z > 0
        ? SELU_SCALE
        : z < 0
          ? SELU_SCALE * SELU_ALPHA * Math.exp(z)
          : (SELU_SCALE * (1 + SELU_ALPHA)) / 2,
    kinks: zero,
  },
  {
    id: 'gelu',
    names: ['gelu', 'GELU'],
    family: 'smooth-rectifier',
    params: {},
    value: (z) => z * normalCdf(z),
    slope: (z) => normalCdf(z) + z * normalDensity(z),
    kinks: none,
  },
  {
    id: 'gelu_tanh',
    names: ['gelu_tanh', 'gelu_new', 'gelu_approximate', 'gelu_pytorch_tanh'],
    family: 'smooth-rectifier',
    params: {},
    value: (z) => 0.5 * z * (1 + tanhGeluInner(z)),
    slope: (z) => {
      const t = tanhGeluInner(z);
      return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * GELU_C * (1 + 3 * 0.044715 * z * z);
    },
    kinks: none,
  },
  {
    id: 'silu',
    names: ['silu', 'swish', 'SiLU', 'Swish'],
    family: 'smooth-rectifier',
    params: {},
    value: (z) => z * logistic(z),
    slope: (z) => logistic(z) * (1 + z * (1 - logistic(z))),
    kinks: none,
  },
  {
    id: 'hard_silu',
    names: ['hard_silu', 'hard_swish', 'hardswish', 'Hardswish', 'hardSwish', 'HardSwish'],
    family: 'smooth-rectifier',
    params: {},
    value: (z) => (z <= -3 ? 0 : z >= 3 ? z : (z * (z + 3)) / 6),
    slope: (z) => (z < -3 ? 0 : z > 3 ? 1 : (2 * z + 3) / 6),
    kinks: () => [-3, 3],
  },
  {
    id: 'mish',
    names: ['mish', 'Mish'],
    family: 'smooth-rectifier',
    params: {},
    value: (z) => z * Math.tanh(log1pExp(z)),
    slope: (z) => {
      const t = Math.tanh(log1pExp(z));
      return t + z * (1 - t * t) * logistic(z);
    },
    kinks: none,
  },
  {
    id: 'softplus',
    names: ['softplus', 'Softplus', 'softPlus'],
    family: 'smooth-rectifier',
    params: { beta: 1 },
    value: (z, params) => log1pExp((params['beta'] ?? 1) * z) / (params['beta'] ?? 1),
    slope: (z, params) => logistic((params['beta'] ?? 1) * z),
    kinks: none,
  },
  {
    id: 'squareplus',
    names: ['squareplus'],
    family: 'smooth-rectifier',
    params: { b: 4 },
    value: (z, params) => (z + Math.sqrt(z * z + (params['b'] ?? 4))) / 2,
    slope: (z, params) => (1 + z / Math.sqrt(z * z + (params['b'] ?? 4))) / 2,
    kinks: none,
  },
];
