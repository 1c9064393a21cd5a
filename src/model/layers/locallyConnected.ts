import { type ConvConfig, convolved, KERNEL_KEYS, readFilters, readWindow } from './conv.ts';
import { declareWeight, onlyInput, product } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { joinShape, spatialRank, splitShape } from './spatial.ts';
import type { Shape } from '../shape.ts';

export type LocallyConnectedConfig = Omit<ConvConfig, 'groups'> & {
  /** How the kernel is kept: 1 per position, 2 dense with a mask, 3 only the connections, in a row. */
  readonly implementation: number;
};

/** Positions on one axis that output position `at` sees, from `start` to before `end` (Keras 2: centred windows, cut at the border). */
export function seenFrom(
  config: LocallyConnectedConfig,
  axis: number,
  at: number,
  length: number,
): readonly [number, number] {
  const size = config.kernelSize[axis] ?? 1;
  const before = Math.floor(size / 2);
  const centre = at * (config.strides[axis] ?? 1) + (config.padding === 'valid' ? before : 0);
  return [Math.max(0, centre - before), Math.min(length, centre + size - before)];
}

/** Spatial sizes before and after, and the number of pairs of positions that are connected. */
function geometry(config: LocallyConnectedConfig, inputs: readonly Shape[]) {
  const { spatial, channels } = splitShape(onlyInput(inputs, config.rank + 2), config.dataFormat);
  const positions = convolved(config, spatial);
  const pairs = positions.map((length, axis) => {
    let sum = 0;
    for (let at = 0; at < length; at++) {
      const [start, end] = seenFrom(config, axis, at, spatial[axis] ?? 1);
      sum += end - start;
    }
    return sum;
  });
  return { spatial, channels, positions, pairs: product(pairs) };
}

function kernelShape(config: LocallyConnectedConfig, inputs: readonly Shape[]): readonly number[] {
  const { spatial, channels, positions, pairs } = geometry(config, inputs);
  const { filters, dataFormat } = config;
  if (config.implementation === 3) return [pairs * channels * filters];
  if (config.implementation === 1)
    return [product(positions), product(config.kernelSize) * channels, filters];
  return dataFormat === 'channelsLast'
    ? [...spatial, channels, ...positions, filters]
    : [channels, ...spatial, filters, ...positions];
}

/**
 * Convolution of rank 1 or 2 whose kernel differs from position to position: (positions, k·in, filters), or one of the two other forms of
 * Keras 2. The frameworks' fan-in counts the positions, where the signal sees k·in (theory.md §3.8).
 */
export const locallyConnected: LayerKind<LocallyConnectedConfig> = {
  id: 'locallyConnected',
  classes: ['LocallyConnected1D', 'LocallyConnected2D'],
  signal: 'weighted',
  parse: (raw) => ({
    config: {
      ...readWindow(raw, spatialRank(raw.className)),
      filters: raw.size(['filters', 'nb_filter']),
      implementation: raw.size(['implementation'], 1),
    },
    ...readFilters(raw, KERNEL_KEYS),
  }),
  outputs: (config, inputs) => {
    const batch = inputs[0]?.[0] ?? null;
    return [joinShape(batch, geometry(config, inputs).positions, config.filters, config.dataFormat)];
  },
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const { channels, positions } = geometry(config, inputs);
    const field = product(config.kernelSize);
    const kernel = {
      name: 'kernel',
      part: 'kernel',
      shape: kernelShape(config, inputs),
      effective: [field * channels, (field * config.filters) / product(config.strides)],
    } as const;
    const bias = { name: 'bias', part: 'bias', shape: [...positions, config.filters] } as const;
    return (config.useBias ? [kernel, bias] : [kernel]).map((plan) => declareWeight(plan, parsed, semantics));
  },
  multiplyAdds: (config, inputs) => {
    const { channels, pairs } = geometry(config, inputs);
    return pairs * channels * config.filters;
  },
};
