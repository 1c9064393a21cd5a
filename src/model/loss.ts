import type { ActivationSpec } from './activations/activation.ts';
import type { LossSpec } from './spec.ts';

const NAMES: Readonly<Record<string, LossSpec['id']>> = {
  categoricalcrossentropy: 'categorical_crossentropy',
  softmaxcrossentropy: 'categorical_crossentropy',
  categoricalfocalcrossentropy: 'categorical_crossentropy',
  kldivergence: 'categorical_crossentropy',
  kullbackleiblerdivergence: 'categorical_crossentropy',
  kld: 'categorical_crossentropy',
  sparsecategoricalcrossentropy: 'sparse_categorical_crossentropy',
  crossentropyloss: 'sparse_categorical_crossentropy',
  nllloss: 'sparse_categorical_crossentropy',
  binarycrossentropy: 'binary_crossentropy',
  binaryfocalcrossentropy: 'binary_crossentropy',
  sigmoidcrossentropy: 'binary_crossentropy',
  bceloss: 'binary_crossentropy',
  bcewithlogitsloss: 'binary_crossentropy',
  meansquarederror: 'mean_squared_error',
  mse: 'mean_squared_error',
  mseloss: 'mean_squared_error',
  meanabsoluteerror: 'mean_absolute_error',
  mae: 'mean_absolute_error',
  l1loss: 'mean_absolute_error',
};

/**
 * Losses of Keras, under their plain names, that have no form of their own here: they are measured as the output's activation implies,
 * and the report says so.
 */
export const OTHER_LOSSES: ReadonlySet<string> = new Set([
  ...[
    'hinge',
    'squaredhinge',
    'categoricalhinge',
    'poisson',
    'logcosh',
    'huber',
    'cosinesimilarity',
    'circle',
  ],
  ...['meanabsolutepercentageerror', 'mape', 'meansquaredlogarithmicerror', 'msle', 'dice', 'tversky', 'ctc'],
  ...['categoricalgeneralizedcrossentropy'],
]);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const own = (value: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(value, key) ? value[key] : undefined;

/** A loss as a file or a person writes it (a name, a class with config); undefined when it is none that we know. */
export function parseLoss(raw: unknown, from: 'file' | 'option'): LossSpec | undefined {
  const named = isRecord(raw) ? (own(raw, 'class_name') ?? own(raw, 'className')) : raw;
  const config = isRecord(raw) ? own(raw, 'config') : undefined;
  if (named === 'function' && typeof config === 'string') return parseLoss(config, from);
  if (typeof named !== 'string') return undefined;
  const last = named.slice(named.lastIndexOf('>') + 1);
  const id = NAMES[last.toLowerCase().replaceAll('_', '')];
  if (id === undefined) return undefined;
  const logits = isRecord(config) && own(config, 'from_logits') === true;
  const always = /^(crossentropyloss|bcewithlogitsloss|softmaxcrossentropy|sigmoidcrossentropy)$/;
  const fromLogits = logits || always.test(last.toLowerCase().replaceAll('_', ''));
  return { id, fromLogits, written: named, from };
}

/** The loss that an output's last activation implies: softmax, sigmoid, else squared error. */
export function headLoss(activation: ActivationSpec | undefined, written = ''): LossSpec {
  const from = 'head';
  switch (activation?.id ?? 'linear') {
    case 'softmax':
      return { id: 'categorical_crossentropy', fromLogits: false, written: written || 'softmax', from };
    case 'sigmoid':
    case 'hard_sigmoid':
      return {
        id: 'binary_crossentropy',
        fromLogits: false,
        written: written || (activation?.id ?? 'sigmoid'),
        from,
      };
    default:
      return {
        id: 'mean_squared_error',
        fromLogits: false,
        written: written || (activation?.id ?? 'linear'),
        from,
      };
  }
}

/** What a file says for output `index` (named `name`) of `count`: one loss for all, a list, or a table by output name. */
export function writtenLoss(raw: unknown, name: string, index: number, count: number): unknown {
  if (Array.isArray(raw)) return raw.length === count ? (raw[index] as unknown) : (raw[0] as unknown);
  if (isRecord(raw) && own(raw, 'class_name') === undefined && own(raw, 'className') === undefined)
    return own(raw, name);
  return raw;
}

/** The loss as its file writes it, for a message. */
export function lossText(raw: unknown): string {
  const written = isRecord(raw) ? (own(raw, 'class_name') ?? own(raw, 'className')) : raw;
  const named = written === 'function' && isRecord(raw) ? own(raw, 'config') : written;
  return typeof named === 'string' ? named : (JSON.stringify(raw) ?? '').slice(0, 60);
}
