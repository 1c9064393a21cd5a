import type { LossStats, Measurement, WeightStats } from '../model/measurement.ts';
import { formatNumber, formatRatio, formatShare } from '../model/numberText.ts';
import type { Prediction } from '../model/prediction.ts';
import type { Problem } from '../model/problem.ts';
import type { Report } from '../model/report.ts';
import type { LayerSpec, ModelSpec } from '../model/spec.ts';
import { layerQuantities, type LayerQuantities } from '../rules/layerQuantities.ts';
import { listed } from '../rules/structure.ts';
import { spectraTexts } from './spectra.ts';

/** A share of units, beyond what the fresh draw shows, that is worth a word. */
const SHARE = 0.1;
/** Weights within this factor of the fresh draw's have its scale. */
const SCALE = 1.1;

function firstLosses(measurement: Measurement): readonly LossStats[] {
  return measurement.seeds[0]?.losses ?? [];
}

function lossText(measurement: Measurement): string {
  const [loss] = firstLosses(measurement);
  if (loss === undefined) return '';
  return `initial loss ${formatNumber(loss.value)} (uninformed ${formatNumber(loss.uninformed)})`;
}

function scaleText(before: LayerQuantities, after: LayerQuantities): string {
  const ratios = Object.entries(after).flatMap(([layer, { weight }]) => {
    const drawn = before[layer]?.weight?.mean;
    if (weight === undefined || weight.mean === 0 || drawn === undefined || drawn === 0) return [];
    return [{ layer, ratio: weight.mean / drawn }];
  });
  const sorted = ratios.sort((a, b) => a.ratio - b.ratio);
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) return '';
  if (least.ratio > 1 / SCALE && most.ratio < SCALE) return 'weights at the scale of the fresh draw';
  const at = ({ layer, ratio }: { layer: string; ratio: number }) => `${formatRatio(ratio)} (${layer})`;
  const size = most.ratio / least.ratio < SCALE ? at(most) : `${at(least)} to ${at(most)}`;
  return `weights ${size} the size of the fresh draw's`;
}

function silentText(before: LayerQuantities, after: LayerQuantities): string {
  const silent = Object.entries(after)
    .map(([layer, { dead }]) => ({ layer, now: dead?.mean ?? 0, fresh: before[layer]?.dead?.mean ?? 0 }))
    .filter(({ now, fresh }) => now > fresh + SHARE)
    .sort((a, b) => b.now - a.now);
  const [most] = silent;
  if (most === undefined) return '';
  return `${formatShare(most.now)} of the units of ${most.layer} are silent on these inputs (fresh: ${formatShare(most.fresh)})`;
}

/** The kernels among the weights of a seed that were taken from the file. */
function savedKernels(spec: ModelSpec, weights: readonly WeightStats[]): readonly WeightStats[] {
  const kernels = new Set(
    spec.layers.flatMap(({ id, weights: own }) =>
      own
        .filter(({ part, saved }) => saved !== undefined && (part === 'kernel' || part === 'recurrent'))
        .map(({ name }) => `${id}\n${name}`),
    ),
  );
  return weights.filter(({ layer, weight }) => kernels.has(`${layer}\n${weight}`));
}

/** What makes kernels unfit to be told apart: all units equal, or another kernel with the same bits. */
function sameText(saved: readonly WeightStats[]): readonly string[] {
  const zero = saved.filter(({ value }) => value.rms === 0).map(({ layer }) => layer);
  const constant = saved
    .filter(({ value }) => value.rms > 0 && value.min === value.max && value.count > 1)
    .map(({ layer }) => layer);
  const byBits = new Map<string, string[]>();
  for (const { layer, weight, fingerprint, value } of saved)
    if (value.min !== value.max)
      byBits.set(fingerprint, [
        ...(byBits.get(fingerprint) ?? []),
        weight === 'kernel' ? layer : `${layer} (${weight})`,
      ]);
  const verb = (names: readonly string[], one: string, many: string) =>
    names.length === 1 ? `the kernel of ${names[0] ?? ''} ${one}` : `the kernels of ${listed(names)} ${many}`;
  return [
    ...(zero.length === 0 ? [] : [verb(zero, 'is all zero', 'are all zero')]),
    ...(constant.length === 0 ? [] : [verb(constant, 'is one constant', 'are one constant each')]),
    ...[...byBits.values()]
      .filter((names) => names.length > 1)
      .map((names) => `the kernels of ${listed(names)} are equal bit by bit`),
  ];
}

/** What can be said where nothing is lost: full rank only of kernels whose spectrum was measured. */
function soundText(kernels: readonly WeightStats[]): string {
  const rank = kernels.some(({ singular }) => singular !== undefined) ? ', no rank gone' : '';
  return `nothing is lost in them (no unit silenced, no kernel constant or a copy${rank}): training can go on from there`;
}

function logitText(fresh: Measurement, saved: Measurement): string {
  const [before] = firstLosses(fresh);
  const [after] = firstLosses(saved);
  if (before === undefined || after === undefined) return '';
  const what = /squared|absolute/.test(after.loss) ? 'outputs of rms' : 'logits of std';
  return `${what} ${formatNumber(after.logitStd)} (fresh: ${formatNumber(before.logitStd)})`;
}

/**
 * What both starting points show, in words: how the saved weights differ from the fresh draw in scale, silent units, equal kernels, spectra and outputs. What
 * training made of them is never a fault of the initializer. The loss is left out of the words: on drawn inputs a trained net's is meaningless.
 */
export function compareStarts(
  spec: ModelSpec,
  prediction: Prediction,
  fresh: Measurement,
  saved: Measurement,
): Report['starts'] {
  const before = layerQuantities(spec, prediction, fresh);
  const after = layerQuantities(spec, prediction, saved);
  const kernels = savedKernels(spec, saved.seeds[0]?.weights ?? []);
  const lost = [
    silentText(before, after),
    ...sameText(kernels),
    ...spectraTexts(kernels, fresh.seeds[0]?.weights ?? []),
  ].filter((part) => part !== '');
  const noted = lost.length === 0 ? [soundText(kernels)] : lost;
  const parts = [scaleText(before, after), ...noted, logitText(fresh, saved)].filter((part) => part !== '');
  const drawn = ['drawn by the initializers', lossText(fresh)].filter((part) => part !== '');
  return {
    fresh: { summary: drawn.join(', '), loss: firstLosses(fresh) },
    saved: { summary: parts.join('; '), loss: firstLosses(saved) },
  };
}

function missingNames({ weights }: LayerSpec): readonly string[] {
  return weights.filter(({ saved }) => saved === undefined).map(({ name }) => name);
}

/** A note for every layer whose weights are not all in the file in their shape: their fresh draw stands in for them. */
export function missingWeights(spec: ModelSpec): readonly Problem[] {
  return spec.layers.flatMap((layer): Problem[] => {
    const names = missingNames(layer);
    const [origin] = layer.origins;
    if (names.length === 0) return [];
    const shapes = layer.weights
      .filter(({ saved }) => saved === undefined)
      .map(({ name, shape }) => `${name} (${shape.join(', ')})`);
    return [
      {
        file: origin?.file ?? spec.file,
        ...(origin === undefined ? {} : { range: origin.range }),
        message: `Saved weights of "${layer.id}" are not in the file: their fresh draw stands in for them.`,
        found:
          names.length === layer.weights.length
            ? 'none of its weights'
            : `${layer.weights.length - names.length} of ${layer.weights.length} weights`,
        expected: shapes.join(', '),
        severity: 'note',
      },
    ];
  });
}
