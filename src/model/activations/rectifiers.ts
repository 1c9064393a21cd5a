import type { ActivationKind } from './activation.ts';

const parameter = (params: Readonly<Record<string, number>>, name: string, fallback: number): number =>
  params[name] ?? fallback;

/** A step's value with the mean of both sides at the step itself. */
const step = (z: number, at: number, below: number, above: number): number =>
  z < at ? below : z > at ? above : (below + above) / 2;

/** Piecewise linear activations that cut or damp the negative side. */
export const RECTIFIERS: readonly ActivationKind[] = [
  {
    id: 'relu',
    names: ['relu', 'ReLU', 'relu_', 'rectify'],
    family: 'rectifier',
    params: {},
    value: (z) => (z > 0 ? z : 0),
    slope: (z) => step(z, 0, 0, 1),
    kinks: () => [0],
  },
  {
    id: 'relu6',
    names: ['relu6', 'ReLU6'],
    family: 'rectifier',
    params: {},
    value: (z) => Math.min(Math.max(z, 0), 6),
    slope: (z) => step(z, 0, 0, 1) - step(z, 6, 0, 1),
    kinks: () => [0, 6],
  },
  {
    id: 'clipped_relu',
    names: ['clipped_relu'],
    family: 'rectifier',
    params: { negative_slope: 0, max_value: 3.4028234663852886e38, threshold: 0 },
    value: (z, params) => {
      const threshold = parameter(params, 'threshold', 0);
      if (z < threshold) return parameter(params, 'negative_slope', 0) * (z - threshold);
      return Math.min(z, parameter(params, 'max_value', Infinity));
    },
    slope: (z, params) => {
      const rising = step(z, parameter(params, 'threshold', 0), parameter(params, 'negative_slope', 0), 1);
      return z > parameter(params, 'max_value', Infinity) ? 0 : rising;
    },
    kinks: (params) => {
      const top = parameter(params, 'max_value', Infinity);
      return top < 1e30 ? [parameter(params, 'threshold', 0), top] : [parameter(params, 'threshold', 0)];
    },
  },
  {
    id: 'leaky_relu',
    names: ['leaky_relu', 'LeakyReLU', 'leakyReLU', 'leakyRelu', 'leaky_relu_', 'leakyrelu'],
    family: 'rectifier',
    params: { negative_slope: 0.2 },
    value: (z, params) => (z > 0 ? z : parameter(params, 'negative_slope', 0.2) * z),
    slope: (z, params) => step(z, 0, parameter(params, 'negative_slope', 0.2), 1),
    kinks: () => [0],
  },
  {
    id: 'prelu',
    names: ['prelu', 'PReLU'],
    family: 'rectifier',
    params: { negative_slope: 0 },
    value: (z, params) => (z > 0 ? z : parameter(params, 'negative_slope', 0) * z),
    slope: (z, params) => step(z, 0, parameter(params, 'negative_slope', 0), 1),
    kinks: () => [0],
  },
  {
    id: 'threshold',
    names: ['threshold', 'ThresholdedReLU', 'Threshold', 'thresholdedReLU'],
    family: 'rectifier',
    params: { threshold: 1, default_value: 0 },
    value: (z, params) => (z > parameter(params, 'threshold', 1) ? z : parameter(params, 'default_value', 0)),
    slope: (z, params) => step(z, parameter(params, 'threshold', 1), 0, 1),
    kinks: (params) => [parameter(params, 'threshold', 1)],
  },
  {
    id: 'sparse_plus',
    names: ['sparse_plus'],
    family: 'rectifier',
    params: {},
    value: (z) => (z <= -1 ? 0 : z >= 1 ? z : 0.25 * (z + 1) ** 2),
    slope: (z) => (z <= -1 ? 0 : z >= 1 ? 1 : 0.5 * (z + 1)),
    kinks: () => [-1, 1],
  },
  {
    id: 'hard_shrink',
    names: ['hard_shrink', 'Hardshrink', 'hardshrink'],
    family: 'other',
    params: { threshold: 0.5 },
    value: (z, params) => (Math.abs(z) > parameter(params, 'threshold', 0.5) ? z : 0),
    slope: (z, params) => step(Math.abs(z), parameter(params, 'threshold', 0.5), 0, 1),
    kinks: (params) => [-parameter(params, 'threshold', 0.5), parameter(params, 'threshold', 0.5)],
  },
  {
    id: 'soft_shrink',
    names: ['soft_shrink', 'Softshrink', 'softshrink'],
    family: 'other',
    params: { threshold: 0.5 },
    value: (z, params) => Math.sign(z) * Math.max(Math.abs(z) - parameter(params, 'threshold', 0.5), 0),
    slope: (z, params) => step(Math.abs(z), parameter(params, 'threshold', 0.5), 0, 1),
    kinks: (params) => [-parameter(params, 'threshold', 0.5), parameter(params, 'threshold', 0.5)],
  },
];
