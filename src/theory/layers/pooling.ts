import { normalCdf } from '../../model/activations/erf.ts';
import { activationKind, LINEAR } from '../../model/activations/catalogue.ts';
import type { LayerLaw, Propagated } from '../law.ts';
import { configNumbers, size } from '../law.ts';
import { gaussLegendre } from '../quadrature.ts';
import type { GaussianSource, Signal } from '../signal.ts';
import { channelsFirst, perAxis, slideAll, spatialSizes, windowsOf } from '../spatial.ts';

const COMMON = gaussLegendre(24);
const OWN = gaussLegendre(96);
const REACH = 7;
const known = new Map<string, Largest>();

interface Largest {
  readonly mean: number;
  readonly second: number;
  /** E[max·max′] of two windows that share only what is common. */
  readonly shared: number;
  readonly slope: number;
  readonly zeros: number;
}

/**
 * The largest of `count` values φ(z) whose z are exchangeable normals z = √c·g₀ + √(1−c)·gᵢ (positions of a convolution of
 * independent inputs are): moments by two nested quadratures, and E[φ′²] at the largest, which the gradient passes.
 */
function largest(source: GaussianSource, correlation: number, count: number): Largest {
  const numbers = [source.mean, source.variance, correlation, count]
    .map((value) => value.toPrecision(5))
    .join('|');
  const key = `${source.activation.id}${JSON.stringify(source.activation.params)}|${numbers}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const { value, slope } = activationKind(source.activation.id);
  const deviation = Math.sqrt(source.variance);
  const common = Math.sqrt(Math.max(0, Math.min(1, correlation)));
  const own = Math.sqrt(1 - common * common);
  let mean = 0;
  let second = 0;
  let cross = 0;
  let slopeSquared = 0;
  let zeros = 0;
  for (let outer = 0; outer < COMMON.nodes.length; outer += 1) {
    const g0 = REACH * (COMMON.nodes[outer] ?? 0);
    const outerWeight =
      ((COMMON.weights[outer] ?? 0) * REACH * Math.exp(-0.5 * g0 * g0)) / Math.sqrt(2 * Math.PI);
    let conditional = 0;
    for (let inner = 0; inner < OWN.nodes.length; inner += 1) {
      const g = REACH * (OWN.nodes[inner] ?? 0);
      const density = (count * normalCdf(g) ** (count - 1) * Math.exp(-0.5 * g * g)) / Math.sqrt(2 * Math.PI);
      const weight = (OWN.weights[inner] ?? 0) * REACH * density;
      const z = source.mean + deviation * (common * g0 + own * g);
      const a = value?.(z, source.activation.params) ?? z;
      conditional += weight * a;
      second += outerWeight * weight * a * a;
      slopeSquared += outerWeight * weight * (slope?.(z, source.activation.params) ?? 1) ** 2;
      if (a === 0) zeros += outerWeight * weight;
    }
    mean += outerWeight * conditional;
    cross += outerWeight * conditional * conditional;
  }
  const result = { mean, second, shared: cross, slope: slopeSquared, zeros };
  if (known.size > 500) known.clear();
  known.set(key, result);
  return result;
}

function sourceOf(input: Signal): GaussianSource {
  const variance = Math.max(0, input.second - input.mean * input.mean);
  const correlation = (value: number): number => (variance > 0 ? (value - input.mean ** 2) / variance : 1);
  return (
    input.gaussian ?? {
      activation: LINEAR,
      mean: input.mean,
      variance,
      correlation: correlation(input.cross),
      places: correlation(input.place ?? input.cross),
      far: correlation(input.far ?? input.cross),
    }
  );
}

function averaged(input: Signal, count: number, gone: boolean): Signal {
  const { logVariance } = input;
  const place = input.place ?? input.cross;
  const far = input.far ?? input.cross;
  return {
    mean: input.mean,
    second: (input.second + (count - 1) * place) / count,
    cross: (input.cross + (count - 1) * far) / count,
    unit: (input.unit + (count - 1) * input.unitCross) / count,
    unitCross: input.unitCross,
    logVariance,
    ...(gone ? {} : { place, far }),
  };
}

function maxPooled(
  input: Signal,
  count: number,
  profile: readonly Float64Array[] | undefined,
  gone: boolean,
): Propagated {
  const source = sourceOf(input);
  const { mean, second, shared, slope, zeros } = largest(source, source.places, count);
  const ratio = (correlation: number): number => {
    const other = largest(source, correlation, count);
    return other.second > 0 ? (second * other.shared) / other.second : 0;
  };
  const square = mean * mean;
  const positions = gone ? {} : { place: shared, far: ratio(source.far) };
  return {
    outputs: [
      {
        mean,
        second,
        cross: ratio(source.correlation),
        unit: square,
        unitCross: square,
        ...positions,
        logVariance: input.logVariance,
        ...(profile === undefined ? {} : { profile }),
      },
    ],
    zeros,
    back: ({ energy }) => ({
      own: energy,
      inputs: [{ energy, ...(input.gaussian === undefined ? {} : { slope }) }],
    }),
  };
}

function averagePooled(
  input: Signal,
  count: number,
  profile: readonly Float64Array[] | undefined,
  gone: boolean,
): Propagated {
  return {
    outputs: [{ ...averaged(input, count, gone), ...(profile === undefined ? {} : { profile }) }],
    back: ({ energy }) => ({ own: energy, inputs: [{ energy: energy / count }] }),
  };
}

/** Max and average pooling of any rank. */
export const poolingLaw: LayerLaw = ({ layer, node, inputs, inputShapes }) => {
  const operation = layer.config['op'] === 'average' ? 'average' : 'max';
  const [input] = inputs;
  const [from] = inputShapes;
  const [to] = node.outputs;
  if (input === undefined || from === undefined || to === undefined) return 'it has no input';
  const rank = from.length - 2;
  const window = perAxis(configNumbers(layer, ['poolSize', 'pool_size', 'pool', 'kernel', 'size']), rank, 2);
  const strided =
    configNumbers(layer, ['strides', 'stride']) === undefined
      ? { ...layer, config: { ...layer.config, strides: window } }
      : layer;
  const windows = windowsOf(strided, window, from, to);
  const slid = slideAll(windows, undefined);
  const pooled = slideAll(windows, input.profile);
  const count = Math.max(1, window.reduce((all, next) => all * next, 1) * slid.seen);
  const profile = input.profile === undefined ? undefined : pooled.profile;
  const gone = windows.every(({ output }) => output === 1);
  return operation === 'max'
    ? maxPooled(input, count, profile, gone)
    : averagePooled(input, count, profile, gone);
};

/** Adaptive pooling whose windows are alike: pooling with windows side by side. */
export const adaptivePoolingLaw: LayerLaw = (input) => {
  const { layer, node, inputShapes } = input;
  const first = channelsFirst(layer);
  const [from, to] = [inputShapes[0], node.outputs[0]].map((shape) => spatialSizes(shape ?? [], first));
  const window = (from ?? []).map((length, axis) => length / size(to?.[axis]));
  if (!window.every(Number.isInteger)) return 'its windows differ in size';
  const config = { ...layer.config, poolSize: window, strides: window, padding: 'valid' };
  return poolingLaw({ ...input, layer: { ...layer, config } });
};

/** Global max and average pooling over all positions. */
export const globalPoolingLaw: LayerLaw = ({ layer, inputs, inputShapes }) => {
  const operation = layer.config['op'] === 'max' ? 'max' : 'average';
  const [input] = inputs;
  const [from] = inputShapes;
  if (input === undefined || from === undefined) return 'it has no input';
  const count = Math.max(
    1,
    spatialSizes(from, channelsFirst(layer)).reduce((all, next) => all * size(next), 1),
  );
  return operation === 'max'
    ? maxPooled(input, count, undefined, true)
    : averagePooled(input, count, undefined, true);
};
