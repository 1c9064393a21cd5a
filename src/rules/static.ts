import type { Finding } from '../model/finding.ts';
import { formatCount, formatNumber } from '../model/numberText.ts';
import type { Prediction } from '../model/prediction.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import type { LayerSpec, ModelSpec, WeightSpec } from '../model/spec.ts';
import { graphOf } from '../model/specGraph.ts';
import { describeKernel } from './cause.ts';
import { makeFinding, type Draft } from './makeFinding.ts';
import { consumers, isNormKind, listed } from './structure.ts';
import { ruleOf } from './table.ts';

const FIXED = new Set(['randomNormal', 'randomUniform', 'truncatedNormal', 'constant', 'ones']);
const DESIGNS = ['residual-end', 'branch-scale', 'gate', 'head', 'before-norm'] as const;

interface Static {
  readonly spec: ModelSpec;
  readonly prediction: Prediction;
  readonly layers: ReadonlyMap<string, LayerSpec>;
  readonly threshold: (rule: string, name: string) => number;
}

/** Layers by what is wrong with them, one draft for all that say the same. */
function grouped(
  items: readonly { readonly layer: LayerSpec; readonly text: string }[],
  draft: (layers: readonly string[], text: string) => Draft,
): readonly Draft[] {
  const groups = new Map<string, Set<string>>();
  for (const { layer, text } of items) {
    const group = groups.get(text);
    if (group === undefined) groups.set(text, new Set([layer.id]));
    else group.add(layer.id);
  }
  return [...groups].map(([text, layers]) => draft([...layers], text));
}

function traps({ layers }: Static): readonly Draft[] {
  const items = [...layers.values()].flatMap((layer) =>
    layer.weights.flatMap((weight) => {
      const { trap } = weight.initializer;
      return trap === undefined ? [] : [{ layer, text: trap }];
    }),
  );
  return grouped(items, (names, text) => ({
    rule: 'framework-trap',
    severity: 'hint',
    layers: names,
    message: `${listed(names)}: ${text}`,
    cause: text,
  }));
}

/** Fans that the framework takes from the wrong axes (depthwise, transposed), where they change the scale: one finding for all. */
function fanTraps({ layers }: Static): readonly Draft[] {
  const wrong = [...layers.values()].flatMap((layer) => {
    const weight = layer.weights.find(({ part }) => part === 'kernel');
    if (weight === undefined || FIXED.has(weight.initializer.id) || weight.initializer.id === 'zeros')
      return [];
    const ratio = weight.fanIn / weight.effectiveFanIn;
    return ratio > 0.5 && ratio < 2 ? [] : [{ layer, weight }];
  });
  const [first] = wrong;
  if (first === undefined) return [];
  const { layer, weight } = first;
  const more = wrong.length === 1 ? '' : ` (and ${wrong.length - 1} more like it)`;
  const text = `${weight.initializer.id} takes ${formatCount(weight.fanIn)} for the fan-in of ${layer.id}; ${formatCount(weight.effectiveFanIn)} is true for the signal${more}`;
  const names = wrong.map((each) => each.layer.id);
  return [{ rule: 'framework-trap', severity: 'hint', layers: names, message: text, cause: text }];
}

function scaleDrafts(context: Static): readonly Draft[] {
  const mismatch = context.threshold('initializer-mismatch', 'factor');
  const unscaled = context.threshold('unscaled-initializer', 'factor');
  const items = [...context.layers.values()].flatMap((layer) =>
    layer.weights.flatMap((weight: WeightSpec) => {
      if (weight.part !== 'kernel') return [];
      const need = context.prediction.weights?.[`${layer.id}|${weight.name}`];
      if (need === undefined || need.tied || need.neededRms === 0) return [];
      if (DESIGNS.some((role) => layer.roles.includes(role))) return [];
      if (layer.weights.some(({ part }) => part === 'recurrent') || /attention/i.test(layer.kind)) return [];
      const factor = need.drawnRms / need.neededRms;
      const fixed = FIXED.has(weight.initializer.id);
      const limit = fixed ? unscaled : mismatch;
      return factor > limit || factor < 1 / limit ? [{ layer, weight, fixed }] : [];
    }),
  );
  const drafts = (fixed: boolean, rule: string): readonly Draft[] => {
    const same = items.filter((item) => item.fixed === fixed);
    const [first] = same;
    if (first === undefined) return [];
    const names = same.map(({ layer }) => layer.id);
    const cause = describeKernel(context, first.layer, first.weight);
    const more = names.length === 1 ? '' : ` (and ${names.length - 1} more like it)`;
    return [{ rule, severity: 'hint', layers: names, message: `${cause}${more}`, cause }];
  };
  return [...drafts(false, 'initializer-mismatch'), ...drafts(true, 'unscaled-initializer')];
}

function deadParameters({ spec, layers }: Static): readonly Draft[] {
  const dead = spec.nodes.flatMap((node) => {
    const layer = layers.get(node.layer);
    const bias = layer?.weights.find(({ part }) => part === 'bias');
    const next = consumers(spec, node.id);
    if (layer === undefined || bias === undefined || layer.activation !== undefined) return [];
    const normed = next.length > 0 && next.every(({ layer: id }) => layers.get(id)?.kind === 'batchNorm');
    return normed && isNormKind(layers.get(next[0]?.layer ?? ''))
      ? [{ layer, count: bias.shape[0] ?? 0 }]
      : [];
  });
  if (dead.length === 0) return [];
  const names = [...new Set(dead.map(({ layer }) => layer.id))];
  const total = dead.reduce((all, { count }) => all + count, 0);
  const text = `BatchNorm subtracts the bias of ${listed(names)} again: ${formatCount(total)} parameters do nothing`;
  return [{ rule: 'dead-parameters', severity: 'hint', layers: names, message: text, cause: text }];
}

/** A forget bias of 0, by what the file draws; a warning where a long sequence is read to its last step only. */
function forgetBias(context: Static): readonly Draft[] {
  return [...context.layers.values()].flatMap((layer): Draft[] => {
    if (!/lstm/i.test(layer.kind) && !/lstm/i.test(layer.className)) return [];
    const unit = layer.config['unitForgetBias'] ?? layer.config['unit_forget_bias'];
    const bias = layer.weights.find(({ part }) => part === 'bias');
    const value = bias?.initializer.id === 'constant' ? Number(bias.initializer.params['value'] ?? 0) : 0;
    const ones = bias?.initializer.id === 'ones' || bias?.initializer.id === 'forgetGateOnes';
    if (unit === true || ones || bias === undefined || value >= context.threshold('lstm-forget-bias', 'bias'))
      return [];
    const node = context.spec.nodes.find((each) => each.layer === layer.id);
    const from = context.spec.nodes.find((each) => each.id === node?.inputs[0]?.node);
    const lastOnly = (node?.outputs[0]?.length ?? 3) === 2;
    const read = (lastOnly ? from : node)?.outputs[0] ?? [];
    const guessed = context.spec.inputs.some(({ assumed }) => assumed !== undefined);
    // The input of a cell, which takes one step at a time, has no axis of steps.
    const steps = guessed || read.length < 3 ? 0 : (read[1] ?? 0);
    const long = steps >= context.threshold('lstm-forget-bias', 'steps') && lastOnly;
    const text = `${layer.id} starts its forget gates at σ(${formatNumber(value)}): half the cell is forgotten in every one of ${steps > 0 ? formatNumber(steps) : 'its'} steps`;
    return [
      {
        rule: 'lstm-forget-bias',
        severity: long ? 'warning' : 'information',
        layers: [layer.id],
        message: text,
        cause: text,
      },
    ];
  });
}

/** A kernel that no draw can tell apart, before anything runs. */
function tiedKernels({ spec, layers, prediction }: Static): readonly Draft[] {
  const exempt = ['residual-end', 'branch-scale', 'gate', 'head'] as const;
  const tied = [...layers.values()].filter((layer) => {
    const weight = layer.weights.find(({ part }) => part === 'kernel');
    const need = weight === undefined ? undefined : prediction.weights?.[`${layer.id}|${weight.name}`];
    if (weight === undefined || need?.tied !== true || exempt.some((role) => layer.roles.includes(role)))
      return false;
    if ((weight.shape.at(-1) ?? 1) < 2) return false;
    return (
      need.drawnRms > 0.25 * need.neededRms ||
      (need.drawnRms === 0 && ['relu', 'relu6'].includes(need.activation))
    );
  });
  const names = tied.map(({ id }) => id);
  if (names.length === 0) return [];
  const text = `all units of ${listed(names)} start equal and stay equal`;
  const kernel = tied[0]?.weights.find(({ part }) => part === 'kernel');
  return [
    {
      rule: 'symmetric-units',
      severity: 'error',
      layers: names,
      ...(kernel === undefined ? {} : { weight: kernel.name }),
      message: text,
      cause: `${text}: the initializer has no randomness (${spec.semantics.value})`,
    },
  ];
}

/** Drafts of everything a file shows before it runs. `kernels`: with tied kernels, which a measurement judges better. */
export function staticDrafts(
  spec: ModelSpec,
  prediction: Prediction,
  config: ProjectConfig,
  kernels: boolean,
): readonly Draft[] {
  const context: Static = {
    spec,
    prediction,
    layers: graphOf(spec).layers,
    threshold: (rule, name) => config.rules[rule]?.thresholds?.[name] ?? ruleOf(rule).thresholds[name] ?? NaN,
  };
  return [
    ...(kernels ? tiedKernels(context) : []),
    ...traps(context),
    ...fanTraps(context),
    ...scaleDrafts(context),
    ...deadParameters(context),
    ...forgetBias(context),
  ];
}

/** Findings that need no measurement: traps, mismatches, unscaled and tied kernels, dead parameters, forget biases. */
export function judgeStatic(
  spec: ModelSpec,
  prediction: Prediction,
  config: ProjectConfig,
): readonly Finding[] {
  return staticDrafts(spec, prediction, config, true).flatMap(
    (draft) => makeFinding(spec, config, draft, 'static') ?? [],
  );
}
