import type { ReportSet } from '../../src/model/report.ts';
import { reviveNumbers } from '../../src/report/html.ts';

/** The reports an exported page carries in its `application/json` element; undefined inside VS Code. */
export function exportedState(): ReportSet | undefined {
  const text = document.getElementById('initscope-data')?.textContent;
  return text === undefined || text === null ? undefined : (JSON.parse(text, reviveNumbers) as ReportSet);
}
