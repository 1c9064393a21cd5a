/** Whose sampling distributions, defaults and fan formulas apply to a model. */
export type Semantics = 'keras2' | 'keras3' | 'tfjs' | 'pytorch';

/** Every semantics, in the order snippets are offered. */
export const SEMANTICS: readonly Semantics[] = ['keras3', 'keras2', 'tfjs', 'pytorch'];

/** The name a person reads. */
export const SEMANTICS_TITLE: Readonly<Record<Semantics, string>> = {
  keras2: 'Keras 2',
  keras3: 'Keras 3',
  tfjs: 'TensorFlow.js',
  pytorch: 'PyTorch',
};
