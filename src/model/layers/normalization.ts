import { defaultInitializer } from '../initializers/catalogue.ts';
import { countedSize } from '../shape.ts';
import { declareWeight, onlyInput, wholeNumbers } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { axisSizes } from './normAxes.ts';

export type NormalizationConfig = {
  /** Kept axes; null: one mean and variance for all. */
  readonly axes: readonly number[] | null;
  readonly mean: readonly number[] | null;
  readonly variance: readonly number[] | null;
  readonly invert: boolean;
};

const flat = (value: unknown): number[] =>
  Array.isArray(value) ? value.flatMap(flat) : typeof value === 'number' ? [value] : [];

/**
 * (x − mean)/√variance with given or learned statistics. Not learned yet they are 0 and 1, as built; weights `mean`, `variance`
 * and (`count`, not drawn) exist only where the file gives no numbers.
 */
export const normalization: LayerKind<NormalizationConfig> = {
  id: 'normalization',
  classes: ['Normalization'],
  signal: 'shape',
  parse: (raw) => {
    const axis: unknown = raw.has('axis') ? raw.raw('axis') : -1;
    const given = (key: string): readonly number[] | null => {
      const values = flat(raw.raw(key, `input_${key}`));
      return values.length === 0 ? null : values;
    };
    return {
      config: {
        axes: axis === null ? null : wholeNumbers(axis),
        mean: given('mean'),
        variance: given('variance'),
        invert: raw.boolean(['invert'], false),
      },
      initializers: {
        mean: defaultInitializer('zeros', raw.semantics),
        variance: defaultInitializer('ones', raw.semantics),
        count: defaultInitializer('zeros', raw.semantics),
      },
    };
  },
  outputs: (_config, inputs) => [onlyInput(inputs)],
  weights: (parsed, inputs, semantics) => {
    const { axes, mean } = parsed.config;
    if (mean !== null) return [];
    const shape = axes === null ? [] : axisSizes(axes, onlyInput(inputs));
    const statistic = { part: 'statistic', trainable: false } as const;
    return [
      declareWeight({ ...statistic, name: 'mean', shape }, parsed, semantics),
      declareWeight({ ...statistic, name: 'variance', shape }, parsed, semantics),
      declareWeight({ ...statistic, name: 'count', shape: [] }, parsed, semantics),
    ];
  },
  multiplyAdds: (_config, inputs) => countedSize(onlyInput(inputs)),
};
