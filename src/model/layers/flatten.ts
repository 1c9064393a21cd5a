import { knownSize, onlyInput, product } from './declare.ts';
import type { LayerKind } from './kind.ts';
import { type DataFormat, readDataFormat } from './spatial.ts';

export type FlattenConfig = { readonly dataFormat: DataFormat };

/** All axes but the batch into one; channels first are moved last before (as Keras does). */
export const flatten: LayerKind<FlattenConfig> = {
  id: 'flatten',
  classes: ['Flatten'],
  signal: 'shape',
  parse: (raw) => ({ config: { dataFormat: readDataFormat(raw) }, initializers: {} }),
  outputs: (_config, inputs) => {
    const input = onlyInput(inputs);
    return [[input[0] ?? null, product(input.slice(1).map((_size, i) => knownSize(input, i + 1)))]];
  },
  weights: () => [],
  multiplyAdds: () => 0,
};
