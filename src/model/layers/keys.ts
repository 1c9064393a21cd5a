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

const camels = new Map<string, string>();

/** `kernelSize` for `kernel_size`; for the keys that our own code names, which it remembers. */
export function camelKey(key: string): string {
  let made = camels.get(key);
  if (made === undefined) {
    made = key.replace(/_([a-z0-9])/g, (_m, letter: string) => letter.toUpperCase());
    camels.set(key, made);
  }
  return made;
}

const spelled = new Map<string, readonly string[]>();

function spellingsOf(last: string): readonly string[] {
  let made = spelled.get(last);
  if (made === undefined) {
    made = [last, ...(SPELLINGS[last] ?? [])].flatMap((name) => [name, camelKey(name)]);
    spelled.set(last, made);
  }
  return made;
}

/**
 * Every way a config may spell the canonical key of a weight's initializer. A key in a wrapped layer is a path
 * (`layer/kernel_initializer`); only its last part has spellings.
 */
export function spelledKeys(key: string): readonly string[] {
  const cut = key.lastIndexOf('/') + 1;
  const names = spellingsOf(key.slice(cut));
  return cut === 0 ? names : names.map((name) => key.slice(0, cut) + name);
}
