import type { Finding, Severity } from '../model/finding.ts';
import { findCause, type Cause } from './cause.ts';
import { createContext, type Context, type JudgeInput, type Symptom } from './context.ts';
import { lotterySymptoms, normalizedKernelSymptoms, residualSymptoms } from './growth.ts';
import { harmless } from './harmless.ts';
import { inputScaleSymptoms } from './inputScale.ts';
import { lossSymptoms, outputBiasSymptoms } from './loss.ts';
import { makeFinding, type Draft } from './makeFinding.ts';
import { nonFiniteSymptoms } from './nonFinite.ts';
import { constantSymptoms, gradientSymptoms, signalSymptoms } from './scale.ts';
import { attentionSymptoms, embeddingSymptoms, recurrentSymptoms } from './sequence.ts';
import { staticDrafts } from './static.ts';
import { duplicateSymptoms, symmetrySymptoms } from './symmetry.ts';
import { biasSymptoms, collapseSymptoms, deadSymptoms, saturatedSymptoms } from './units.ts';

/** Findings, and what would say more: a twin, or more seeds. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** A symptom can only be judged beside the twin (or its cause named by it). */
  readonly wantsTwin: boolean;
  /** An interval contains the edge of a band: a further look may decide. */
  readonly undecided: boolean;
}

const FAMILIES: readonly ((context: Context) => readonly Symptom[])[] = [
  nonFiniteSymptoms,
  symmetrySymptoms,
  biasSymptoms,
  inputScaleSymptoms,
  signalSymptoms,
  saturatedSymptoms,
  deadSymptoms,
  constantSymptoms,
  gradientSymptoms,
  lossSymptoms,
  residualSymptoms,
  normalizedKernelSymptoms,
  recurrentSymptoms,
  attentionSymptoms,
  embeddingSymptoms,
  collapseSymptoms,
  lotterySymptoms,
  duplicateSymptoms,
  outputBiasSymptoms,
];

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

const worst = (symptoms: readonly Symptom[]): Severity =>
  symptoms.reduce<Severity>((all, { severity }) => (RANK[severity] < RANK[all] ? severity : all), 'hint');

/**
 * One finding for symptoms that share a cause: the first in the order of families leads; what the others, and those that merely go
 * along, show in layers that are not the cause themselves are echoes.
 */
function chained(
  context: Context,
  symptoms: readonly Symptom[],
  cause: Cause | undefined,
  along: readonly Symptom[],
): Draft | undefined {
  const severity = worst(symptoms);
  const lead = symptoms.find((symptom) => symptom.severity === severity);
  const [first] =
    cause?.kind === 'tied'
      ? symptoms.filter(({ rule }) => rule === 'symmetric-units').concat(lead ?? [])
      : [lead];
  if (first === undefined) return undefined;
  const own = context.layers.get(first.layer);
  const named = cause ?? {
    layer: first.layer,
    layers: first.layers ?? [first.layer],
    sentence: `${own?.className ?? 'the layer'} ${first.layer} itself`,
  };
  const causing = new Set([named.layer, ...named.layers]);
  const echoes = [...symptoms, ...along]
    .filter((symptom) => symptom !== first && !causing.has(symptom.layer))
    .map(({ layer, rule, message }) => ({ layer, rule, message }));
  return {
    rule: first.rule,
    severity,
    layers: [named.layer, ...named.layers.filter((layer) => layer !== named.layer)],
    message: first.message,
    cause: named.sentence,
    values: first.values,
    echoes,
    ...(cause?.kind === 'bias' ? { weight: 'bias' } : cause === undefined ? {} : { weight: 'kernel' }),
  };
}

/** A residual net that grows has that for its cause: what else is out of scale echoes it. */
function absorbed(symptoms: readonly Symptom[]): readonly Symptom[] {
  const residual = symptoms.find(({ rule }) => rule === 'residual-growth');
  if (residual === undefined) return symptoms;
  const scale = new Set([
    'dead-relu',
    'exploding-signal',
    'initial-loss',
    'exploding-gradient',
    'saturated-activation',
  ]);
  return symptoms.filter(({ rule, chain }) => !(chain && scale.has(rule)));
}

/**
 * Judges a measurement (with its twin, once one was asked for): symptoms, their first cause, echoes, and the static findings,
 * worst first. Pure; the same input gives the same findings.
 */
export function judge(input: JudgeInput): Judgement {
  const context = createContext(input);
  const { spec, config, prediction } = input;
  const off = (rule: string): boolean => config.rules[rule]?.severity === 'off';
  const symptoms = absorbed(FAMILIES.flatMap((family) => family(context)).filter(({ rule }) => !off(rule)));
  const chain = symptoms.filter((symptom) => symptom.chain);
  const serious = chain.filter(({ severity }) => RANK[severity] <= RANK.warning);
  const cause = serious.length === 0 ? undefined : findCause(context, serious);
  const drafts: Draft[] = [];
  const along = serious.length === 0 ? [] : chain.filter(({ rule }) => rule === 'correlation-collapse');
  const lead = serious.length === 0 ? undefined : chained(context, serious, cause, along);
  if (lead !== undefined) {
    drafts.push(harmless(context, serious, cause) ? { ...lead, severity: 'information' } : lead);
  }
  for (const symptom of symptoms) {
    if (serious.includes(symptom) || along.includes(symptom)) continue;
    const layers = symptom.layers ?? [symptom.cause ?? symptom.layer];
    drafts.push({
      rule: symptom.rule,
      severity: symptom.severity,
      layers,
      message: symptom.message,
      cause: symptom.message,
      values: symptom.values,
    });
  }
  const blamed = new Set(
    drafts.filter(({ severity }) => RANK[severity] <= RANK.warning).flatMap(({ layers }) => layers),
  );
  for (const draft of staticDrafts(spec, prediction, config, false)) {
    const downstream = draft.rule === 'framework-trap' && draft.layers.some((layer) => blamed.has(layer));
    const restated =
      draft.rule !== 'framework-trap' &&
      draft.severity === 'hint' &&
      draft.layers.every((layer) => blamed.has(layer));
    const idle = MISFITS.has(draft.rule) && chain.length === 0;
    const message = idle ? `${draft.message}; nothing measured suffers from it` : draft.message;
    if (!restated) drafts.push({ ...draft, message, ...(downstream ? { severity: 'information' } : {}) });
  }
  const findings = drafts.flatMap(
    (draft) => makeFinding(spec, config, draft, isStatic(draft) ? 'static' : 'measured') ?? [],
  );
  const needsTwin = serious.length > 0 || context.open.wantsTwin;
  return {
    findings: [...unique(findings)].sort((left, right) => RANK[left.severity] - RANK[right.severity]),
    wantsTwin: input.twin === undefined && needsTwin,
    undecided: context.open.undecided,
  };
}

const STATIC = new Set([
  'framework-trap',
  'initializer-mismatch',
  'unscaled-initializer',
  'dead-parameters',
  'lstm-forget-bias',
]);
/** Causes that stand alone as hints where no symptom was measured. */
const MISFITS = new Set(['initializer-mismatch', 'unscaled-initializer']);
const isStatic = ({ rule }: Draft): boolean => STATIC.has(rule);

function unique(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [finding.id, finding])).values()];
}
