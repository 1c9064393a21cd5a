import { InputError } from '../problem.ts';
import type { LayerKind } from './kind.ts';

export type InputConfig = {
  /** Without the batch; null where the file leaves a size open. */
  readonly shape: readonly (number | null)[] | null;
  readonly dtype: string;
};

/** Reads `batch_shape` (Keras 3), `batch_input_shape` (Keras 1, 2, TF.js), `input_shape` or `shape`; null when none stands there. */
function readInputShape(raw: {
  raw(...keys: readonly string[]): unknown;
}): readonly (number | null)[] | null {
  const whole: unknown = raw.raw('batch_shape', 'batch_input_shape');
  const own: unknown = raw.raw('input_shape', 'shape');
  const list: unknown = Array.isArray(whole) ? whole.slice(1) : own;
  if (!Array.isArray(list)) return null;
  return (list as unknown[]).map((size) => {
    if (size === null) return null;
    if (typeof size === 'number' && Number.isInteger(size) && size > 0 && size < 2 ** 31) return size;
    throw new InputError({
      message: 'The input shape is not usable.',
      found: JSON.stringify(list),
      expected: 'positive integers, or null where a size is open',
    });
  });
}

/** An input of the model. */
export const input: LayerKind<InputConfig> = {
  id: 'input',
  classes: ['InputLayer', 'Input'],
  signal: 'input',
  parse: (raw) => {
    const dtype: unknown = raw.raw('dtype', 'input_dtype');
    return {
      config: { shape: readInputShape(raw), dtype: typeof dtype === 'string' ? dtype : 'float32' },
      initializers: {},
    };
  },
  outputs: (config) => [[null, ...(config.shape ?? [])]],
  weights: () => [],
  multiplyAdds: () => 0,
};
