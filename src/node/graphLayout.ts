import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { GraphLayout, Report, ReportSet } from '../model/report.ts';
import type { GraphQuestion } from './graphWorker.ts';
import { packageFolder } from './version.ts';

/** A drawing that takes longer is given up; the report then has none. */
const PATIENCE_MS = 20_000;

/** Above this many layers a drawing says nothing any more. */
const MOST_LAYERS = 2000;

/** Width in pixels of a box with this text at the drawing's font size. */
function boxWidth(name: string): number {
  return Math.min(260, Math.max(80, 24 + name.length * 7));
}

function question({ layers, edges }: Report): GraphQuestion {
  return { nodes: layers.map(({ id }) => ({ id, width: boxWidth(id) })), edges };
}

function ask(worker: Worker, report: Report): Promise<GraphLayout | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    const done = (layout: GraphLayout | undefined) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(layout);
    };
    worker.once('message', ({ layout }: { layout?: GraphLayout }) => done(layout));
    worker.once('error', () => done(undefined));
    worker.once('exit', () => done(undefined));
    worker.postMessage(question(report));
  });
}

/** The reports with a layered drawing of each model, made in a thread of its own; without one where that fails or takes too long. */
export async function withGraphs(set: ReportSet): Promise<ReportSet> {
  const wanted = set.reports.filter(
    ({ layers, graph }) => graph === undefined && layers.length > 1 && layers.length <= MOST_LAYERS,
  );
  if (wanted.length === 0) return set;
  const worker = new Worker(join(packageFolder(), 'dist', 'graph.cjs'));
  worker.on('error', () => undefined);
  try {
    const layouts = new Map<Report, GraphLayout>();
    for (const report of wanted) {
      const layout = await ask(worker, report);
      if (layout === undefined) break;
      layouts.set(report, layout);
    }
    return {
      ...set,
      reports: set.reports.map((report) => {
        const graph = layouts.get(report);
        return graph === undefined ? report : { ...report, graph };
      }),
    };
  } finally {
    await worker.terminate();
  }
}
