import type { LayerQuantity } from './report.ts';

/** Kinds whose pre-activations are those of their gates, several beside each other and with their forget bias. */
const GATED = new Set(['lstm', 'gru', 'convLstm', 'bidirectional', 'rnn']);

type Known = Partial<Readonly<Record<LayerQuantity, unknown>>>;

/**
 * The quantity (a root mean square) that is the size of what a layer passes on, the same for what was measured, predicted and expected of it: the
 * pre-activation where it has one, the output of gated recurrences and of layers for which only that is predicted.
 */
export function signalQuantity({
  kind,
  measured,
  predicted,
}: {
  readonly kind: string;
  readonly measured: Known;
  readonly predicted: Known;
}): 'preActivation' | 'activation' {
  const onlyOutput = predicted.preActivation === undefined && predicted.activation !== undefined;
  const order =
    GATED.has(kind) || onlyOutput
      ? (['activation', 'preActivation'] as const)
      : (['preActivation', 'activation'] as const);
  return (
    order.find((name) => measured[name] !== undefined) ??
    order.find((name) => predicted[name] !== undefined) ??
    order[0]
  );
}
