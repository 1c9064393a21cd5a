import type { JsonObject } from '../../src/model/json.ts';

/** An initializer as a file writes it, and a weight it fills; at least 10⁵ values where it is random. */
export interface InitializerCase {
  readonly class_name: string;
  readonly config: JsonObject;
  readonly shape: readonly number[];
}

const matrix = [400, 300];
const scaled = ['GlorotNormal', 'GlorotUniform', 'HeNormal', 'HeUniform', 'LecunNormal', 'LecunUniform'];
const shapes = [matrix, [3, 3, 100, 120], [3, 3, 3000, 4], [120_000], [30, 40, 100], [2, 3, 4, 50, 100]];
const variance = (config: JsonObject): InitializerCase => ({
  class_name: 'VarianceScaling',
  config,
  shape: matrix,
});

/** What Keras 2 and 3 both have. */
export const INITIALIZER_CASES: readonly InitializerCase[] = [
  ...scaled.flatMap((class_name) => shapes.map((shape) => ({ class_name, config: {}, shape }))),
  ...['fan_in', 'fan_out', 'fan_avg'].flatMap((mode) =>
    ['truncated_normal', 'untruncated_normal', 'uniform'].map((distribution) =>
      variance({ scale: 2.5, mode, distribution }),
    ),
  ),
  ...[...scaled, 'RandomNormal', 'RandomUniform', 'TruncatedNormal', 'Orthogonal'].map((class_name) => ({
    class_name,
    config: { seed: 0 },
    shape: matrix,
  })),
  { class_name: 'RandomNormal', config: {}, shape: matrix },
  { class_name: 'RandomNormal', config: { mean: 0.3, stddev: 0.02 }, shape: matrix },
  { class_name: 'RandomNormal', config: { mean: 0.3, stddev: 0 }, shape: matrix },
  { class_name: 'RandomUniform', config: {}, shape: matrix },
  { class_name: 'RandomUniform', config: { minval: 0, maxval: 1 }, shape: matrix },
  { class_name: 'TruncatedNormal', config: {}, shape: matrix },
  { class_name: 'TruncatedNormal', config: { mean: -1, stddev: 2 }, shape: matrix },
  { class_name: 'TruncatedNormal', config: { mean: -1, stddev: 0 }, shape: matrix },
  { class_name: 'Orthogonal', config: { gain: 1.5 }, shape: matrix },
  { class_name: 'Orthogonal', config: {}, shape: [300, 400] },
  { class_name: 'Orthogonal', config: {}, shape: [3, 3, 64, 180] },
  { class_name: 'Zeros', config: {}, shape: [7] },
  { class_name: 'Ones', config: {}, shape: [7] },
  { class_name: 'Constant', config: { value: -0.25 }, shape: [7] },
  { class_name: 'Identity', config: { gain: 2 }, shape: [5, 5] },
  { class_name: 'Identity', config: { gain: 2 }, shape: [4, 6] },
];
