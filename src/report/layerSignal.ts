import { signalQuantity } from '../model/layerSignal.ts';
import type { Measured, ReportLayer } from '../model/report.ts';

/** What a layer passes on, as it was measured: root mean square with its interval. */
export function signalOf(layer: ReportLayer): Measured | undefined {
  return layer.measured[signalQuantity(layer)];
}
