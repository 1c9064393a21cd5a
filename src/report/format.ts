import { formatInUnit, formatNumber } from '../model/numberText.ts';
import type { ProofValue } from '../model/finding.ts';
import type { Measured } from '../model/report.ts';

export { formatCount, formatInUnit, formatNumber, formatRatio, formatShare } from '../model/numberText.ts';

/** An interval as `[0.31, 0.42]`. */
export function formatInterval(lo: number, hi: number, unit = ''): string {
  return `[${formatInUnit(lo, unit)}, ${formatInUnit(hi, unit)}]`;
}

/** The healthy band: `≥ 0.01`, `≤ 3`, `0.5 … 2`; empty when open on both sides. */
export function formatBand(band: readonly [number | null, number | null], unit = ''): string {
  const [low, high] = band;
  if (low === null && high === null) return '';
  if (high === null) return `≥ ${formatInUnit(low ?? 0, unit)}`;
  if (low === null) return `≤ ${formatInUnit(high, unit)}`;
  return `${formatInUnit(low, unit)} … ${formatInUnit(high, unit)}`;
}

/** A proof in one phrase: `gradient first/last 3.7·10⁻⁴ [2.9·10⁻⁴, 4.8·10⁻⁴], healthy ≥ 1/100`. */
export function formatProof(value: ProofValue): string {
  const band = formatBand(value.band, value.unit);
  const interval = value.lo === value.hi ? '' : ` ${formatInterval(value.lo, value.hi, value.unit)}`;
  return `${value.name} ${formatInUnit(value.value, value.unit)}${interval}${band === '' ? '' : `, healthy ${band}`}`;
}

/** The interval over seeds, `[0.4, 0.45]`; empty where there is none: one seed, or the same number in all. */
export function formatSpread({ lo, hi, n }: Measured, unit = ''): string {
  return n < 2 || lo === hi ? '' : formatInterval(lo, hi, unit);
}

/** A measured quantity with its interval, short enough for a table cell: `0.42 [0.4, 0.45]`. */
export function formatMeasured(measured: Measured, unit = ''): string {
  return [formatInUnit(measured.mean, unit), formatSpread(measured, unit)].filter(Boolean).join(' ');
}

/** How many seeds a number is over: `over 5 seeds`. */
export function overSeeds({ n }: Pick<Measured, 'n'>): string {
  return n === 1 ? 'of one seed' : `over ${n} seeds`;
}

/** A duration for people: `<0.1 s`, `0.8 s`, `95 s`. */
export function formatSeconds(milliseconds: number): string {
  if (milliseconds < 100) return '<0.1 s';
  return `${formatNumber(milliseconds / 1000, milliseconds < 10_000 ? 2 : 3)} s`;
}
