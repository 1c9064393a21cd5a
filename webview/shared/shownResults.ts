import type { ReportSet } from '../../src/model/report.ts';
import type { ToWebview } from '../../src/protocol/webview.ts';
import { decodeSummary } from '../../src/protocol/reportParts.ts';

/** Results and the id by which their parts are asked for. */
export interface Results {
  readonly id: string;
  readonly set: ReportSet;
}

/** Keeps the results that were sent once, and gives them for each state that names them; undefined where there are none. */
export function resultsKeeper(): (message: Extract<ToWebview, { type: 'state' }>) => Results | undefined {
  let last: Results | undefined;
  return ({ results }) => {
    if (results === null) return undefined;
    if (results.reports !== undefined) last = { id: results.id, set: decodeSummary(results.reports) };
    return last?.id === results.id ? last : undefined;
  };
}
