import type { LossStats } from '../model/measurement.ts';
import { formatNumber } from '../model/numberText.ts';
import { average, proof, type Context, type Symptom } from './context.ts';
import { above, scaleInterval, shareInterval } from './interval.ts';
import { headFactor, inputFactor, largestFactor } from './factors.ts';
import { decided } from './scale.ts';

const SQUARED = new Set(['mean_squared_error', 'mean_absolute_error']);

/** The layer whose output a loss is taken of (its last weighted one). */
function headOf(context: Context, output: string): string {
  const spec = context.spec.outputs.find(({ name }) => name === output) ?? context.spec.outputs[0];
  let at = context.spec.nodes.find((node) => node.id === spec?.ref.node);
  for (let step = 0; at !== undefined && step < 8; step += 1) {
    const { layer, inputs } = at;
    if (context.weighted.some((entry) => entry.layer.id === layer)) return layer;
    at = context.spec.nodes.find((node) => node.id === inputs[0]?.node);
  }
  return spec?.ref.node ?? '';
}

/** `initial-loss`: logits too large, or an excess over the uninformed loss; for squared errors the output's rms. */
export function lossSymptoms(context: Context): readonly Symptom[] {
  const outputs = context.measurement.seeds[0]?.losses ?? [];
  return outputs.flatMap(({ output, loss }) => {
    const series = context.measurement.seeds.map((seed) =>
      seed.losses.find((stats) => stats.output === output),
    );
    const stats = series.filter((each): each is LossStats => each !== undefined);
    if (stats.length < context.measurement.seeds.length || loss === 'other') return [];
    return lossSymptom(context, output, loss, stats);
  });
}

function lossSymptom(
  context: Context,
  output: string,
  loss: string,
  stats: readonly LossStats[],
): readonly Symptom[] {
  const limit = context.threshold('initial-loss', 'logits');
  const explained = context.threshold('initial-loss', 'explained');
  const squared = SQUARED.has(loss);
  const positive = stats.map(({ logitStd }) => Math.max(logitStd, 1e-30));
  if (positive.some((value) => !Number.isFinite(value))) return [];
  const measured = scaleInterval(positive.map(Math.log));
  const head = headOf(context, output);
  const factor = Math.max(
    largestFactor(context) ?? 1,
    headFactor(context, head) ?? 1,
    inputFactor(context) ?? 1,
  );
  const what = squared ? 'the output’s rms' : 'the logits’ std';
  const big = decided(context, above(measured, limit));
  const off =
    !big &&
    factor > context.threshold('initial-loss', 'factor') &&
    decided(context, above(measured, explained));
  const uninformed = average(stats.map((each) => each.uninformed)) ?? 0;
  const value = average(stats.map((each) => each.value)) ?? 0;
  const proofs = [proof(what, measured, [null, big ? limit : explained], squared ? 'rms' : '')];
  const common = { rule: 'initial-loss', layer: head, chain: true, values: proofs } as const;
  const told = `the first loss of ${output} is about ${formatNumber(value)} where ${formatNumber(uninformed)} knows nothing: ${what} is ${formatNumber(measured.mean)}`;
  if (big || off) return [{ ...common, severity: 'warning', message: told }];
  const excesses = stats.map((each) =>
    squared
      ? (each.value - (each.prior === undefined ? 0 : Math.max(0, each.priorExcess))) /
        Math.max(each.uninformed, 1e-30)
      : each.value - each.uninformed,
  );
  const excess = shareInterval(excesses, -Infinity, Infinity);
  const most = context.threshold('initial-loss', squared ? 'relative' : 'excess');
  if (above(excess, most) !== 'beyond') return [];
  const over = proof(
    squared ? 'loss / Var y' : 'excess loss',
    excess,
    [null, most],
    squared ? 'ratio' : 'nat',
  );
  return [{ ...common, severity: 'information', chain: false, cause: head, message: told, values: [over] }];
}

/** The bias that holds a prior, as far as a sentence can name it. */
function biasText(bias: readonly number[]): string {
  const shown = bias.slice(0, 6).map((value) => formatNumber(value));
  return bias.length === 1 ? (shown[0] ?? '') : `[${shown.join(', ')}${bias.length > 6 ? ', …' : ''}]`;
}

/** `output-bias`: what the class prior (the mean target) costs, with the user's labels. */
export function outputBiasSymptoms(context: Context): readonly Symptom[] {
  if (context.data !== true) return [];
  const limit = context.threshold('output-bias', 'excess');
  return (context.measurement.seeds[0]?.losses ?? []).flatMap(({ output, loss, prior }): Symptom[] => {
    if (prior === undefined) return [];
    const values = context.measurement.seeds.flatMap((seed) =>
      seed.losses.filter((stats) => stats.output === output).map((stats) => stats.priorExcess),
    );
    const measured = shareInterval(values, 0, Infinity);
    if (above(measured, limit) !== 'beyond') return [];
    const layer = headOf(context, output);
    const squared = SQUARED.has(loss);
    const [what, unit] = squared ? ['the mean of the targets', ' × Var y'] : ['the class prior', ' nat'];
    return [
      {
        rule: 'output-bias',
        severity: 'information',
        layer,
        chain: false,
        cause: layer,
        message: `${formatNumber(measured.mean)}${unit} of the first loss of ${output} are ${what}, which the bias of ${layer} could hold: ${biasText(prior.bias)}`,
        values: [proof('excess from the prior', measured, [null, limit], squared ? 'ratio' : 'nat')],
      },
    ];
  });
}
