import type { Advice, Finding } from '../model/finding.ts';
import { formatNumber, formatProof, formatShare } from '../report/format.ts';
import { furtherCause } from '../report/reportText.ts';

const FROM: Readonly<Record<Finding['from'], string>> = {
  measured: 'Measured',
  predicted: 'Predicted',
  static: 'Read from the file',
};

function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** With a capital, unless it starts with the name of a layer. */
function sentence(text: string, names: readonly string[]): string {
  const named = names.some((name) => text.startsWith(name));
  return ended(named ? text : text.charAt(0).toUpperCase() + text.slice(1));
}

/** The message of a diagnostic: what, the number against its band, the cause, and how it is known. */
export function diagnosticMessage(finding: Finding, stale: boolean): string {
  const lines = [sentence(finding.message, finding.layers)];
  const proofs = finding.values.slice(0, 2).map(formatProof);
  if (proofs.length > 0) lines.push(`${FROM[finding.from]}: ${proofs.join('; ')}.`);
  else if (finding.from !== 'measured') lines.push(`${FROM[finding.from]}.`);
  const cause = furtherCause(finding);
  if (cause !== undefined) lines.push(`Cause: ${ended(cause)}`);
  if (stale) lines.push('Stale: measured before the last change.');
  return lines.join('\n');
}

type Metric = 'signal' | 'gradient' | 'dead' | 'saturated' | 'loss';

/** The metric that shows best whether a rule's finding is repaired; it is named first. */
const FIRST_METRIC: Readonly<Record<string, Metric>> = {
  'vanishing-gradient': 'gradient',
  'exploding-gradient': 'gradient',
  'recurrent-scale': 'gradient',
  'dead-relu': 'dead',
  'bias-init': 'dead',
  'symmetric-units': 'dead',
  'saturated-activation': 'saturated',
  'attention-saturation': 'saturated',
  'initial-loss': 'loss',
  'output-bias': 'loss',
};

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > 0.02 * Math.max(Math.abs(a), Math.abs(b));
}

/** What an advice changes, the rule's own metric first: `saturated 82 % → 3.2 %, gradient 7.5 → 0.54`. Only what moved is named, two at most. */
export function beforeAfter(advice: Advice, rule: string): string {
  const { before, after } = advice;
  const moved: Partial<Record<Metric, string>> = {};
  const numbers = (a: number, b: number): string => `${formatNumber(a, 2)} → ${formatNumber(b, 2)}`;
  const shares = (a: number, b: number): string => `${formatShare(a)} → ${formatShare(b)}`;
  if (differ(before.signalRatio, after.signalRatio))
    moved.signal = `signal ${numbers(before.signalRatio, after.signalRatio)}`;
  if (differ(before.gradientRatio, after.gradientRatio))
    moved.gradient = `gradient ${numbers(before.gradientRatio, after.gradientRatio)}`;
  if (Math.abs(before.dead - after.dead) > 0.02) moved.dead = `dead ${shares(before.dead, after.dead)}`;
  if (Math.abs(before.saturated - after.saturated) > 0.02)
    moved.saturated = `saturated ${shares(before.saturated, after.saturated)}`;
  if (differ(before.initialLoss, after.initialLoss))
    moved.loss = `first loss ${formatNumber(before.initialLoss)} → ${formatNumber(after.initialLoss)}`;
  const order: Metric[] = ['gradient', 'signal', 'dead', 'saturated', 'loss'];
  const first = FIRST_METRIC[rule];
  const parts = [...(first === undefined ? [] : [first]), ...order.filter((metric) => metric !== first)]
    .flatMap((metric) => moved[metric] ?? [])
    .slice(0, 2);
  if (parts.length === 0) parts.push(`drift ${numbers(before.drift, after.drift)}`);
  return `${advice.proof === 'predicted' ? 'predicted: ' : ''}${parts.join(', ')}`;
}
