import type { Measured, ReportLayer } from './report.ts';

/** Kinds whose pre-activations are those of their gates, several beside each other and with their forget bias. */
const GATED = new Set(['lstm', 'gru', 'convLstm', 'bidirectional', 'rnn']);

/**
 * The size of what a layer passes on, measured and predicted as the same quantity: the pre-activation where it has one, the output of gated
 * recurrences and of layers for which only that is predicted. Root mean squares.
 */
export function layerSignal({
  kind,
  measured,
  predicted,
}: Pick<ReportLayer, 'kind' | 'measured' | 'predicted'>): {
  readonly measured?: Measured;
  readonly predicted?: number;
} {
  const onlyOutput = predicted.preActivation === undefined && predicted.activation !== undefined;
  const passed = measured.activation !== undefined && (GATED.has(kind) || onlyOutput);
  const found = passed ? measured.activation : (measured.preActivation ?? measured.activation);
  const law = passed ? predicted.activation : (predicted.preActivation ?? predicted.activation);
  return {
    ...(found === undefined ? {} : { measured: found }),
    ...(law === undefined ? {} : { predicted: law }),
  };
}
