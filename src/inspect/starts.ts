import type { LossStats, Measurement } from '../model/measurement.ts';
import { formatNumber, formatRatio, formatShare } from '../model/numberText.ts';
import type { Prediction } from '../model/prediction.ts';
import type { Report } from '../model/report.ts';
import type { ModelSpec } from '../model/spec.ts';
import { layerQuantities } from '../rules/layerQuantities.ts';

function firstLosses(measurement: Measurement): readonly LossStats[] {
  return measurement.seeds[0]?.losses ?? [];
}

function lossText(measurement: Measurement): string {
  const [loss] = firstLosses(measurement);
  return loss === undefined
    ? ''
    : `, initial loss ${formatNumber(loss.value)} (uninformed ${formatNumber(loss.uninformed)})`;
}

/** What both starting points show, in words: the saved weights beside the fresh draw, never as a fault of the initializer. */
export function compareStarts(
  spec: ModelSpec,
  prediction: Prediction,
  fresh: Measurement,
  saved: Measurement,
): Report['starts'] {
  const before = layerQuantities(spec, prediction, fresh);
  const after = layerQuantities(spec, prediction, saved);
  let widest: { layer: string; ratio: number } | undefined;
  let dead = 0;
  for (const [layer, quantities] of Object.entries(after)) {
    const weight = quantities.weight?.mean;
    const drawn = before[layer]?.weight?.mean;
    dead = Math.max(dead, quantities.dead?.mean ?? 0);
    if (weight === undefined || drawn === undefined || drawn === 0 || weight === 0) continue;
    const ratio = weight / drawn;
    if (widest === undefined || Math.abs(Math.log(ratio)) > Math.abs(Math.log(widest.ratio)))
      widest = { layer, ratio };
  }
  const scale =
    widest === undefined ? '' : `weights ${formatRatio(widest.ratio)} the fresh draw's at ${widest.layer}`;
  const units = dead > 0 ? `, at most ${formatShare(dead)} of a layer's units silent` : '';
  return {
    fresh: { summary: `drawn by the initializers${lossText(fresh)}`, loss: firstLosses(fresh) },
    saved: { summary: `${scale}${units}${lossText(saved)}`.replace(/^, /, ''), loss: firstLosses(saved) },
  };
}
