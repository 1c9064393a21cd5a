import { signalQuantity } from '../model/layerSignal.ts';
import { outcome } from '../advice/outcome.ts';
import { rank } from '../advice/rank.ts';
import { applyChanges } from '../model/applyChanges.ts';
import type { ComparedStart, Profile, StartFigures } from '../model/comparison.ts';
import type { AdviceOutcome, Finding } from '../model/finding.ts';
import type { Measurement } from '../model/measurement.ts';
import { formatNumber, formatRatio, formatShare } from '../model/numberText.ts';
import type { Measured } from '../model/report.ts';
import type { ModelSpec } from '../model/spec.ts';
import { scaleInterval, shareInterval } from '../rules/interval.ts';
import { judge } from '../rules/judge.ts';
import { layerQuantities } from '../rules/layerQuantities.ts';
import { predict } from '../theory/predict.ts';
import { ahead } from './ahead.ts';
import { measureVariant } from './looking.ts';
import type { Subject } from './looking.ts';
import { startingPoints } from './startingPoints.ts';
import { gravest } from './verdict.ts';

function figures(spec: ModelSpec, measurement: Measurement): StartFigures {
  const each = measurement.seeds.map((seed) => outcome(spec, { ...measurement, seeds: [seed] }, []));
  const scale = (pick: (one: AdviceOutcome) => number): Measured => {
    const logs = each.map((one) => Math.log(pick(one)));
    if (logs.every(Number.isFinite)) return scaleInterval(logs);
    const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
    return { mean, lo: mean, hi: mean, n: logs.length };
  };
  return {
    signal: scale(({ signalRatio }) => signalRatio),
    gradient: scale(({ gradientRatio }) => gradientRatio),
    drift: shareInterval(
      each.map(({ drift }) => drift),
      0,
      Infinity,
    ),
    dead: shareInterval(each.map(({ dead }) => dead)),
    saturated: shareInterval(each.map(({ saturated }) => saturated)),
    initialLoss: shareInterval(
      each.map(({ initialLoss }) => initialLoss),
      0,
      Infinity,
    ),
  };
}

function why(
  findings: readonly Finding[],
  { signal, gradient, dead, saturated, initialLoss }: StartFigures,
): string {
  const worst = gravest(findings.filter(({ severity }) => severity === 'error' || severity === 'warning'));
  if (worst !== undefined) return `${worst.rule}: ${worst.message}`;
  const parts = [
    `the signal keeps ${formatRatio(signal.mean)}`,
    `the gradient ${formatRatio(gradient.mean)}`,
  ];
  if (dead.mean > 0.02) parts.push(`${formatShare(dead.mean)} dead units`);
  if (saturated.mean > 0.05) parts.push(`${formatShare(saturated.mean)} saturated values`);
  return `nothing fires; ${parts.join(', ')}, first loss ${formatNumber(initialLoss.mean)}`;
}

/** The layers that profiles run over: those that draw weights for the signal, in the order of their first call. */
function profileLayers(spec: ModelSpec): string[] {
  const weighted = new Set(
    spec.layers
      .filter(({ weights }) => weights.some(({ part }) => part === 'kernel' || part === 'table'))
      .map(({ id }) => id),
  );
  return [...new Set(spec.nodes.map(({ layer }) => layer))].filter((id) => weighted.has(id));
}

function profiles(
  layers: readonly string[],
  spec: ModelSpec,
  quantities: ReturnType<typeof layerQuantities>,
): ComparedStart['profile'] {
  const kinds = new Map(spec.layers.map(({ id, kind }) => [id, kind]));
  const over = (pick: (layer: string) => number | undefined): Profile =>
    layers.map((layer) => {
      const value = pick(layer);
      return value === undefined ? null : Number(value.toPrecision(6));
    });
  return {
    signal: over((id) => {
      const own = quantities[id] ?? {};
      return own[signalQuantity({ kind: kinds.get(id) ?? '', measured: own, predicted: {} })]?.mean;
    }),
    gradient: over((id) => quantities[id]?.gradientNorm?.mean),
  };
}

/** Every starting point measured on the plan's seeds with the same twin, best first by the ranking of advice. */
export async function compareStartingPoints(
  subject: Subject,
): Promise<{ readonly starts: readonly ComparedStart[]; readonly layers: readonly string[] }> {
  const { spec, plan, config } = subject;
  const layers = profileLayers(spec);
  const points = startingPoints(spec);
  const fitted = points.find(({ id }) => id === 'fitted');
  const twin = await measureVariant(subject, fitted?.changes ?? [], plan.seeds, 'twin');
  const entries: (ComparedStart & { after: AdviceOutcome })[] = [];
  const measured = ahead(points, subject.atOnce ?? 1, ({ title, changes }) =>
    measureVariant(
      { ...subject, onProgress: (step) => subject.onProgress({ ...step, layer: title }) },
      changes,
      plan.seeds,
      'advice',
    ),
  );
  for (const { id, title, changes } of points) {
    const measurement = await measured();
    const changed = applyChanges(spec, changes);
    const prediction = predict(changed);
    const facts = { spec: changed, prediction, config, data: plan.inputLaw === 'data' };
    const { findings } = judge({ ...facts, measurement, twin });
    const after = outcome(changed, measurement, findings);
    const own = figures(changed, measurement);
    entries.push({
      id,
      title,
      changes,
      figures: own,
      profile: profiles(layers, spec, layerQuantities(changed, prediction, measurement)),
      findings: after.findings,
      why: why(findings, own),
      after,
    });
  }
  const starts = rank(entries).flatMap((ranked) => {
    const entry = entries.find(({ changes, after }) => changes === ranked.changes && after === ranked.after);
    if (entry === undefined) return [];
    const { after: _after, ...start } = entry;
    return [start];
  });
  return { starts, layers };
}
