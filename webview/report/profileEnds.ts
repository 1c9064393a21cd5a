import type { Measured, ReportLayer } from '../../src/model/report.ts';
import { signalOf } from '../../src/report/layerSignal.ts';

/** The first 0 behind the last positive value: where a line on a log scale stops. */
function endOf(
  layers: readonly ReportLayer[],
  pick: (layer: ReportLayer) => Measured | undefined,
): { readonly id: string; readonly value: Measured } | undefined {
  const behind = layers.findLastIndex((layer) => (pick(layer)?.mean ?? 0) > 0) + 1;
  for (const layer of layers.slice(behind)) {
    const value = pick(layer);
    if (value?.mean === 0) return { id: layer.id, value };
  }
  return undefined;
}

function reason({ hi, n }: Measured): string {
  if (hi > 0) return `from there at least one of the ${n} seeds carries none`;
  return n === 1 ? 'from there it is 0' : `from there it is 0 in all ${n} seeds`;
}

/** Why a line of the profile stops before its last layer, a sentence a line; none where both run through. */
export function profileEnds(layers: readonly ReportLayer[]): readonly string[] {
  const ends = [
    ['signal', endOf(layers, signalOf)],
    ['gradient', endOf(layers.toReversed(), ({ measured }) => measured.gradientNorm)],
  ] as const;
  return ends.flatMap(([title, end]) =>
    end === undefined
      ? []
      : [`The ${title} ends at ${end.id}: ${reason(end.value)} (0, or too small for 32-bit numbers).`],
  );
}
