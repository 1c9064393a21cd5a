import { countedSize } from '../shape.ts';
import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { readAxes } from './normAxes.ts';

export type UnitNormConfig = { readonly axes: readonly number[] };

/** Each sample divided by its Euclidean norm over `axes`; no weights. */
export const unitNorm: LayerKind<UnitNormConfig> = {
  id: 'unitNorm',
  classes: ['UnitNormalization'],
  signal: 'norm',
  parse: (raw) => ({ config: { axes: readAxes(raw, -1) }, initializers: {} }),
  outputs: (_config, inputs) => [onlyInput(inputs, undefined, 2)],
  weights: () => [],
  multiplyAdds: (_config, inputs) => 2 * countedSize(onlyInput(inputs)),
};
