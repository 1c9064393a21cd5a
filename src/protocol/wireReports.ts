import type { ComparisonSet } from '../model/comparison.ts';
import type { ProbeSet } from '../model/probe.ts';
import type { ScanSet } from '../model/scan.ts';
import type { StartsSet } from '../model/startsSet.ts';
import type { ReportSet } from '../model/report.ts';

/** Values that JSON cannot carry, kept apart from strings of the same spelling. */
function keep(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '$number')) return value;
  return Number((value as { readonly $number: unknown }).$number);
}

/** Plain data as text for another process or page: NaN and ±∞ survive, which plain JSON turns into null. */
export function encodeWire(value: unknown): string {
  return JSON.stringify(value, keep);
}

/** What `encodeWire` wrote. */
export function decodeWire(text: string): unknown {
  return JSON.parse(text, revive);
}

/** Reports as text for another process or page. */
export function encodeReports(set: ReportSet): string {
  return encodeWire(set);
}

/** The reports that `encodeReports` wrote. */
export function decodeReports(text: string): ReportSet {
  return decodeWire(text) as ReportSet;
}

/** Everything an exported page shows; studies only when they were made. */
export interface PageData {
  readonly reports: ReportSet;
  readonly comparison?: ComparisonSet;
  readonly probe?: ProbeSet;
  readonly scan?: ScanSet;
  readonly starts?: StartsSet;
}
