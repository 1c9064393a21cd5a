import type { ReportSet } from '../../src/model/report.ts';
import { decodeReports } from '../../src/protocol/wireReports.ts';

/** The reports an exported page carries in its `application/json` element; undefined inside VS Code. */
export function exportedState(): ReportSet | undefined {
  const text = document.getElementById('initscope-data')?.textContent;
  return text === undefined || text === null ? undefined : decodeReports(text);
}
