import type { Advice, Finding } from '../model/finding.ts';
import { formatNumber, formatProof, formatShare } from '../report/format.ts';

const FROM: Readonly<Record<Finding['from'], string>> = {
  measured: 'Measured',
  predicted: 'Predicted',
  static: 'Read from the file',
};

/** The message of a diagnostic: what, the number against its band, the cause, and how it is known. */
export function diagnosticMessage(finding: Finding, stale: boolean): string {
  const lines = [finding.message];
  const proofs = finding.values.slice(0, 2).map(formatProof);
  if (proofs.length > 0) lines.push(`${FROM[finding.from]}: ${proofs.join('; ')}.`);
  else if (finding.from !== 'measured') lines.push(`${FROM[finding.from]}.`);
  if (finding.cause !== '' && !finding.message.includes(finding.cause)) lines.push(`Cause: ${finding.cause}`);
  if (stale) lines.push('Stale: measured before the last edit.');
  return lines.join('\n');
}

/** What an advice changes for the better, shortest first: `drift 9.2 → 0.31`. Only what moved is named. */
export function beforeAfter(advice: Advice): string {
  const { before, after } = advice;
  const parts: string[] = [];
  const differs = (a: number, b: number): boolean =>
    Math.abs(a - b) > 0.02 * Math.max(Math.abs(a), Math.abs(b));
  if (differs(before.signalRatio, after.signalRatio))
    parts.push(`signal ${formatNumber(before.signalRatio, 2)} → ${formatNumber(after.signalRatio, 2)}`);
  if (differs(before.gradientRatio, after.gradientRatio))
    parts.push(`gradient ${formatNumber(before.gradientRatio, 2)} → ${formatNumber(after.gradientRatio, 2)}`);
  if (Math.abs(before.dead - after.dead) > 0.02)
    parts.push(`dead ${formatShare(before.dead)} → ${formatShare(after.dead)}`);
  if (Math.abs(before.saturated - after.saturated) > 0.02)
    parts.push(`saturated ${formatShare(before.saturated)} → ${formatShare(after.saturated)}`);
  if (parts.length < 2 && differs(before.initialLoss, after.initialLoss))
    parts.push(`first loss ${formatNumber(before.initialLoss)} → ${formatNumber(after.initialLoss)}`);
  if (parts.length === 0)
    parts.push(`drift ${formatNumber(before.drift, 2)} → ${formatNumber(after.drift, 2)}`);
  const text = parts.slice(0, 2).join(', ');
  return advice.proof === 'predicted' ? `predicted: ${text}` : text;
}
