import { statSync } from 'node:fs';
import { encodeSummary } from '../../src/protocol/reportParts.ts';
import { predictor } from '../../webview/report/scenario.ts';
import { openBrowser } from '../support/browser.ts';
import { deepModel, recordedPage } from '../support/recorded.ts';
import { inRepo } from '../support/root.ts';
import { openView, showing } from '../webview/support/viewPage.ts';

/** One figure of the views, with what it is held to. */
export interface ViewRow {
  readonly what: string;
  readonly value: number;
  readonly unit: 'kB' | 'ms';
  readonly goal: number;
}

const LAYERS = 1000;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const kilobytes = (...names: readonly string[]): number =>
  names.reduce((sum, name) => sum + statSync(inRepo('dist/webview', name)).size, 0) / 1000;

/** Bundles, message of 1,000 measured layers, first paint after it, frames while scrolling, a move of What if over 200 layers. */
export async function viewRows(): Promise<readonly ViewRow[]> {
  const { data } = await recordedPage(deepModel('views', LAYERS), '--seeds', '2');
  const wide = await recordedPage(deepModel('what-if', 200, { units: 128 }), '--predict-only');
  const spec = wide.data.reports.reports[0]?.spec;
  if (spec === undefined) throw new Error('nothing to predict');
  const ask = predictor(spec);
  const moves = Array.from({ length: 60 }, (_, index) => {
    const before = process.cpuUsage();
    ask({ initializer: 'gain', gain: 0.4 + index / 60 });
    return process.cpuUsage(before).user / 1000;
  });
  const rows: ViewRow[] = [
    { what: 'bundle of the side view', value: kilobytes('side.js', 'side.css'), unit: 'kB', goal: 250 },
    { what: 'bundle of the report', value: kilobytes('report.js', 'report.css'), unit: 'kB', goal: 450 },
    {
      what: `message of ${LAYERS} measured layers`,
      value: encodeSummary(data.reports).length / 1000,
      unit: 'kB',
      goal: 2000,
    },
    {
      what: 'what if, 200 layers, all moved (processor time, median)',
      value: median(moves),
      unit: 'ms',
      goal: 16,
    },
  ];
  const browser = await openBrowser();
  if (browser === null) return rows;
  const { page, post } = await openView(browser, 'report', { set: data.reports });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  };
  const paints: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    await page.evaluate(() => {
      const store = window as unknown as { painted: Promise<number> };
      store.painted = new Promise((resolve) => {
        window.addEventListener(
          'message',
          () => {
            const start = performance.now();
            // The view's own listener has run when the next frame is asked for; the one after it is painted.
            requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
          },
          { once: true, capture: true },
        );
      });
    });
    await post(showing(data.reports, false, `turn ${turn}`));
    paints.push(await page.evaluate(() => (window as unknown as { painted: Promise<number> }).painted));
  }
  await page.getByRole('tab', { name: 'Distributions' }).click();
  await page.locator('.multiple .histogram').first().waitFor();
  const before = await busy();
  const frames = await page.evaluate(async () => {
    const times: number[] = [];
    let last = performance.now();
    for (let step = 0; step < 120; step += 1) {
      window.scrollBy(0, 120);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      times.push(performance.now() - last);
      last = performance.now();
    }
    return times;
  });
  const work = ((await busy()) - before) / frames.length;
  await browser.close();
  return [
    ...rows,
    { what: `first paint after ${LAYERS} layers (median)`, value: median(paints), unit: 'ms', goal: 200 },
    {
      what: `a frame while scrolling ${LAYERS} layers × 4 histograms (median)`,
      value: median(frames),
      unit: 'ms',
      goal: 17,
    },
    {
      what: 'the page’s processor time for such a frame (mean)',
      value: work,
      unit: 'ms',
      goal: 17,
    },
  ];
}

/** The rows as a table. */
export function viewTable(rows: readonly ViewRow[]): string {
  const lines = rows.map(
    ({ what, value, unit, goal }) =>
      `${what.padEnd(62)} ${value.toFixed(1).padStart(8)} ${unit}   goal ${goal} ${unit}`,
  );
  return ['views', ...lines, ''].join('\n');
}
