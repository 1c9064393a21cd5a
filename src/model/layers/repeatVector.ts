import { onlyInput } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type RepeatVectorConfig = { readonly n: number };

/** A vector repeated n times along a new axis. */
export const repeatVector: LayerKind<RepeatVectorConfig> = {
  id: 'repeatVector',
  classes: ['RepeatVector'],
  signal: 'shape',
  parse: (raw) => ({ config: { n: raw.size(['n']) }, initializers: {} }),
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, 2);
    return [[input[0] ?? null, config.n, input[1] ?? null]];
  },
  weights: () => [],
  multiplyAdds: () => 0,
};
