import type { ModelSpec } from './spec.ts';

/** The forms that every loss is measured as. */
export type LossForm = 'softmax' | 'sigmoid' | 'squared' | 'absolute';

/** The form that output `index` takes; a loss we do not know takes the one its head implies. */
export function lossFormOf(spec: ModelSpec, index: number): LossForm {
  const output = spec.outputs[index];
  switch (output?.loss.id) {
    case 'categorical_crossentropy':
    case 'sparse_categorical_crossentropy':
      return 'softmax';
    case 'binary_crossentropy':
      return 'sigmoid';
    case 'mean_absolute_error':
      return 'absolute';
    case 'mean_squared_error':
    case undefined:
      return 'squared';
    case 'other': {
      const head = spec.nodes.find(({ id }) => id === output?.ref.node)?.layer;
      const id = spec.layers.find((layer) => layer.id === head)?.activation?.id;
      return id === 'softmax' || id === 'sigmoid' ? id : 'squared';
    }
  }
}
