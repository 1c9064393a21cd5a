import type { Severity } from '../model/finding.ts';
import type { Quantity, TapStats } from '../model/measurement.ts';
import { formatNumber, formatRatio } from '../model/numberText.ts';
import type { Measured } from '../model/report.ts';
import {
  average,
  difference,
  logs,
  proof,
  ratioSigma,
  type Context,
  type Look,
  type Symptom,
  type WeightedNode,
} from './context.ts';
import { above, below, scaleInterval, type Standing } from './interval.ts';
import { normAfter } from './structure.ts';

/** Where a layer's signal is read: behind its norm when one follows at once (the kernel's size is no matter there), else before the activation. */
interface Place {
  readonly node: string;
  readonly quantity: Quantity;
  readonly layer: string;
}

function placeOf(context: Context, { node, layer }: WeightedNode): Place {
  const norm = normAfter(context, node.id);
  if (norm !== undefined) return { node: norm, quantity: 'activation', layer: layer.id };
  const own = context.look.values(node.id, 'preActivation', (tap) => tap.value.rms);
  return { node: node.id, quantity: own === undefined ? 'activation' : 'preActivation', layer: layer.id };
}

/**
 * First and last weighted layer of the trunk, heads left out (their scale is `initial-loss`), and layers that a design starts at
 * zero. Undefined for fewer than two.
 */
export function ends(
  context: Context,
): { readonly first: Place; readonly last: Place; readonly between: number } | undefined {
  const hidden = context.weighted.filter(
    ({ onTrunk, layer, node }) =>
      onTrunk &&
      !layer.roles.includes('head') &&
      !(layer.roles.includes('residual-end') && isZero(context, node.id)),
  );
  const first = hidden[0];
  const last = hidden.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;
  return { first: placeOf(context, first), last: placeOf(context, last), between: hidden.length };
}

function isZero(context: Context, node: string): boolean {
  return (average(context.look.values(node, 'preActivation', (tap) => tap.value.rms)) ?? 1) === 0;
}

/** ln(last/first) per seed of a quantity of the taps. */
function ratioLogs(
  look: Look | undefined,
  from: Place,
  to: Place,
  pick: (tap: TapStats) => number | undefined,
): readonly number[] | undefined {
  if (look === undefined) return undefined;
  const low = logs(look.values(from.node, from.quantity, pick));
  const high = logs(look.values(to.node, to.quantity, pick));
  return difference(high, low);
}

interface Ratio {
  readonly measured: Measured;
  readonly logs: readonly number[];
  readonly twin: readonly number[] | undefined;
  readonly sigma: number | undefined;
}

function ratio(
  context: Context,
  from: Place,
  to: Place,
  pick: (tap: TapStats) => number | undefined,
): Ratio | undefined {
  const values = ratioLogs(context.look, from, to, pick);
  if (values === undefined) return undefined;
  const sigma =
    ratioSigma(context.prediction, from.node, to.node) ?? ratioSigma(context.prediction, to.node, from.node);
  return {
    measured: scaleInterval(values, sigma),
    logs: values,
    twin: ratioLogs(context.twinLook, from, to, pick),
    sigma,
  };
}

/** The drift less the twin's drift in the same direction (never an excess made by an unstable twin). */
function excess(context: Context, value: Ratio, direction: 1 | -1): Measured | undefined {
  if (value.twin === undefined) {
    context.open.wantsTwin = true;
    return undefined;
  }
  const own = value.twin.reduce((all, next) => all + next, 0) / value.twin.length;
  const shared = direction > 0 ? Math.max(0, own) : Math.min(0, own);
  return scaleInterval(
    value.logs.map((log) => log - shared),
    value.sigma,
  );
}

/** Takes a standing for granted only when decided, and remembers that more seeds could decide it. */
export function decided(context: Context, standing: Standing): boolean {
  if (standing === 'undecided') context.open.undecided = true;
  return standing === 'beyond';
}

function depthSymptom(
  context: Context,
  rule: 'exploding-signal' | 'vanishing-signal',
  value: Ratio,
  place: Place,
  from: Place,
): Symptom | undefined {
  const limit = context.threshold(rule, 'ratio');
  const error = context.threshold(rule, 'error');
  const grows = rule === 'exploding-signal';
  const test = grows ? above : below;
  const standing = test(value.measured, limit);
  if (!decided(context, standing)) return undefined;
  const rest = excess(context, value, grows ? 1 : -1);
  if (rest === undefined || !decided(context, test(rest, limit))) return undefined;
  const severity: Severity = test(value.measured, error) === 'beyond' ? 'error' : 'warning';
  const what = grows ? 'the signal grows' : 'the signal over the data shrinks to';
  const amount = grows ? formatRatio(value.measured.mean) : formatRatio(value.measured.mean).replace('×', '');
  return {
    rule,
    severity,
    layer: place.layer,
    chain: true,
    message: `${what} ${amount} from ${from.layer} to ${place.layer}`,
    values: [
      proof(
        grows ? 'rms last/first' : 'std over data last/first',
        value.measured,
        grows ? [null, limit] : [limit, null],
        'ratio',
      ),
    ],
  };
}

/** `exploding-signal` and `vanishing-signal` on the trunk. */
export function signalSymptoms(context: Context): readonly Symptom[] {
  const found = ends(context);
  if (found === undefined) return [];
  const { first, last } = found;
  const rms = ratio(context, first, last, (tap) => tap.value.rms);
  const data = ratio(context, first, last, (tap) => tap.units?.stdOverData);
  return [
    rms === undefined ? undefined : depthSymptom(context, 'exploding-signal', rms, last, first),
    data === undefined ? undefined : depthSymptom(context, 'vanishing-signal', data, last, first),
  ].filter((symptom) => symptom !== undefined);
}

/** Trunk nodes whose output must depend on the data: no inputs, heads, or what stands behind them. */
function judgedNodes(context: Context): readonly { readonly node: string; readonly layer: string }[] {
  const outputs = new Set(context.spec.outputs.map(({ ref }) => ref.node));
  return context.spec.nodes.flatMap((node) => {
    const layer = context.layers.get(node.layer);
    const judged = context.trunk.has(node.id) && node.inputs.length > 0 && !outputs.has(node.id);
    return judged && layer?.roles.includes('head') === false ? [{ node: node.id, layer: layer.id }] : [];
  });
}

/** `constant-signal`: the first trunk node whose values hardly depend on the data. */
export function constantSymptoms(context: Context): readonly Symptom[] {
  const limit = context.threshold('constant-signal', 'ratio');
  const error = context.threshold('constant-signal', 'error');
  for (const { node, layer } of judgedNodes(context)) {
    const spread = context.look.values(node, 'activation', (tap) => tap.units?.stdOverData);
    const rms = logs(context.look.values(node, 'activation', (tap) => tap.value.rms));
    if (rms === undefined || spread === undefined) continue;
    const values = spread.map((value, index) =>
      Math.max(Math.log(Math.max(value, 1e-300)) - (rms[index] ?? 0), -700),
    );
    const measured = scaleInterval(values);
    if (!decided(context, below(measured, limit))) continue;
    const severity: Severity = below(measured, error) === 'beyond' ? 'error' : 'warning';
    return [
      {
        rule: 'constant-signal',
        severity,
        layer,
        chain: true,
        message: `${layer} hardly depends on the input: its std over the data is ${formatNumber(measured.mean)} of its rms`,
        values: [proof('std over data / rms', measured, [limit, null], 'ratio')],
      },
    ];
  }
  return [];
}

/** `vanishing-gradient` and `exploding-gradient` on the trunk. */
export function gradientSymptoms(context: Context): readonly Symptom[] {
  const found = ends(context);
  if (found === undefined) return [];
  const { first, last } = found;
  const value = ratio(context, last, first, (tap) => tap.gradientNorm);
  if (value === undefined) return [];
  const small = context.threshold('vanishing-gradient', 'ratio');
  const large = context.threshold('exploding-gradient', 'ratio');
  const where = `from ${last.layer} back to ${first.layer}`;
  if (decided(context, below(value.measured, small))) {
    const severe = below(value.measured, context.threshold('vanishing-gradient', 'error')) === 'beyond';
    return [
      {
        rule: 'vanishing-gradient',
        severity: severe ? 'error' : 'warning',
        layer: first.layer,
        chain: true,
        message: `the gradient shrinks to ${formatRatio(value.measured.mean)} ${where}`,
        values: [proof('gradient norm first/last', value.measured, [small, null], 'ratio')],
      },
    ];
  }
  if (!decided(context, above(value.measured, large))) return [];
  const rest = excess(context, value, 1);
  if (rest === undefined) return [];
  const own = decided(context, above(rest, context.threshold('exploding-gradient', 'excess')));
  return [
    {
      rule: 'exploding-gradient',
      severity: own ? 'warning' : 'information',
      layer: first.layer,
      chain: own,
      message: `the gradient grows ${formatRatio(value.measured.mean)} ${where}${own ? '' : ', as it does in the well-initialized twin'}`,
      values: [proof('gradient norm first/last', value.measured, [null, large], 'ratio')],
    },
  ];
}
