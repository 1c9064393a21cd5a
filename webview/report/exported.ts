import type { ReportSet } from '../../src/model/report.ts';

/** The reports an exported page carries in its `application/json` element; undefined inside VS Code. */
export function exportedState(): ReportSet | undefined {
  const text = document.getElementById('initscope-data')?.textContent;
  return text === undefined || text === null ? undefined : (JSON.parse(text, revive) as ReportSet);
}

const NUMBERS: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };

function revive(_key: string, value: unknown): unknown {
  return typeof value === 'string' && Object.hasOwn(NUMBERS, value) ? NUMBERS[value] : value;
}
