/** Spellings of an initializer's key over Keras 1 to 3 and TF.js, the canonical one first. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  kernel_initializer: ['init'],
  depthwise_initializer: ['kernel_initializer', 'init'],
  pointwise_initializer: ['init'],
  recurrent_initializer: ['inner_init'],
  embeddings_initializer: ['init'],
  gamma_initializer: ['gamma_init'],
  beta_initializer: ['beta_init'],
  alpha_initializer: ['init'],
};

const camel = (key: string): string =>
  key.replace(/_([a-z0-9])/g, (_m, letter: string) => letter.toUpperCase());

/**
 * Every way a config may spell the canonical key of a weight's initializer. A key in a wrapped layer is a path
 * (`layer/kernel_initializer`); only its last part has spellings.
 */
export function spelledKeys(key: string): readonly string[] {
  const cut = key.lastIndexOf('/') + 1;
  const last = key.slice(cut);
  const names = [last, ...(SPELLINGS[last] ?? [])];
  return names.flatMap((name) => [name, camel(name)]).map((name) => key.slice(0, cut) + name);
}
