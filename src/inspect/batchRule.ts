import { layerKind } from '../model/layers/catalogue.ts';
import type { ModelSpec } from '../model/spec.ts';

const UNIT_SAMPLES = 64;
const NORM_SAMPLES = 16;
const SMALLEST_BATCH = 8;

/** Samples that scales, gradients and losses need where a seed is expensive; batch statistics then keep the samples that shares have. */
const QUICK_BATCH = 16;

/** Positions per sample of the layers of a family: the smallest one decides how many samples units or channels see. */
function fewestPositions(spec: ModelSpec, counts: (layer: ModelSpec['layers'][number]) => boolean): number {
  const layers = new Map(spec.layers.map((layer) => [layer.id, layer]));
  let fewest = Infinity;
  for (const node of spec.nodes) {
    const layer = layers.get(node.layer);
    const shape = node.outputs[0];
    if (layer === undefined || shape === undefined || !counts(layer)) continue;
    const positions = shape.slice(1, -1).reduce<number>((product, size) => product * (size ?? 1), 1);
    fewest = Math.min(fewest, positions);
  }
  return fewest;
}

/** How many samples a model takes, by its layers alone. */
export interface BatchRule {
  /** What the calibration used, where the budget allows it. */
  readonly wanted: number;
  /** Samples that scales, gradients and losses need where a seed is expensive. */
  readonly quick: number;
  /** Below it batch statistics (without forward-only samples also shares over units) are not judged. */
  readonly floor: number;
  readonly why: string;
}

/** The rule for a model; `fillsUp` says that forward-only samples are added where shares over units lack some, as our engine does for random inputs. */
export function batchRule(spec: ModelSpec, fillsUp: boolean): BatchRule {
  const hasNorm = spec.layers.some(({ kind }) => kind === 'batchNorm');
  const units = fewestPositions(
    spec,
    ({ activation, kind }) => activation !== undefined || layerKind(kind).signal === 'activation',
  );
  const norms = fewestPositions(spec, ({ kind }) => kind === 'batchNorm');
  const per = (samples: number, positions: number) =>
    Number.isFinite(positions) ? Math.ceil(samples / positions) : 1;
  const forUnits = per(UNIT_SAMPLES, units);
  const forNorm = per(NORM_SAMPLES, norms);
  const shares = fillsUp ? 1 : forUnits;
  const wanted = Math.max(hasNorm ? 64 : 32, SMALLEST_BATCH, forUnits, forNorm);
  const quick = Math.min(wanted, Math.max(QUICK_BATCH, shares, per(UNIT_SAMPLES, norms)));
  const floor = Math.max(SMALLEST_BATCH, shares, forNorm);
  const why = hasNorm
    ? `batch ${wanted}: batch statistics want 64 samples`
    : wanted > 32
      ? `batch ${wanted}: shares over units need ${UNIT_SAMPLES} samples × positions`
      : `batch ${wanted}: at least 32 samples`;
  return { wanted, quick, floor, why };
}
