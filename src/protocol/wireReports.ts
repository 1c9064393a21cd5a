import type { ReportSet } from '../model/report.ts';

/** Values that JSON cannot carry, kept apart from strings of the same spelling. */
function keep(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '$number')) return value;
  return Number((value as { readonly $number: unknown }).$number);
}

/** Reports as text for another process or page: NaN and ±∞ survive, which plain JSON turns into null. */
export function encodeReports(set: ReportSet): string {
  return JSON.stringify(set, keep);
}

/** The reports that `encodeReports` wrote. */
export function decodeReports(text: string): ReportSet {
  return JSON.parse(text, revive) as ReportSet;
}
