import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { encodeWire } from '../../src/protocol/wireReports.ts';
import { scanRows } from '../../src/report/scan.ts';
import { openBrowser } from '../support/browser.ts';
import { madeReport, madeSet } from '../support/reports.ts';
import { madeScan } from '../support/studies.ts';
import { cellsOf } from './support/cells.ts';
import { openView } from './support/viewPage.ts';
import { openSection } from './support/waits.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

const report = madeReport(10, 2e-5);

test('widths are asked for, said before they are scanned, followed and cancelled', async (t) => {
  if (browser === null) return t.skip('no browser');
  const asked: unknown[] = [];
  let finish = (): void => undefined;
  const { page, post, sent, faults } = await openView(browser, 'report', {
    set: madeSet(report),
    answers: async (method, params) => {
      if (method === 'studyCost') return '4 widths, 5 seeds and 3 steps each: about 3 s of one thread.';
      if (method !== 'study') return undefined;
      asked.push(params);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      throw new Error('Cancelled.');
    },
  });
  await openSection(page, 'Widths');
  await page.getByText('about 3 s of one thread').waitFor();
  await page.getByLabel('Factors of the width').fill('1');
  await page.getByLabel('Factors of the width').blur();
  await page.getByText('Two or more factors').waitFor();
  await page.getByLabel('Factors of the width').fill('1, 2');
  await page.getByLabel('Its name in the file').fill('d_model, d_ff');
  await page.getByRole('button', { name: 'Scan widths' }).click();
  await post({ type: 'progress', study: 'scan', done: 2, total: 30, text: 'width 64: step 3 of 30' });
  await page.getByText('width 64: step 3 of 30').waitFor();
  assert.deepEqual(asked, [{ study: 'scan', scan: { factors: [1, 2], parameter: ['d_model', 'd_ff'] } }]);
  await page.getByRole('button', { name: 'Cancel' }).click();
  const cancelled = async () =>
    (await sent()).some(({ method, params }) => method === 'cancelStudy' && isScan(params));
  while (!(await cancelled())) await page.waitForTimeout(50);
  finish();
  await page.getByText('Cancelled.').waitFor();
  assert.deepEqual(faults, []);
  await page.close();
});

const isScan = (params: unknown): boolean => JSON.stringify(params) === '{"study":"scan"}';

test('a scan is drawn over the width, and its table says the same numbers', async (t) => {
  if (browser === null) return t.skip('no browser');
  const scan = madeScan(report);
  const { page, faults } = await openView(browser, 'report', {
    set: madeSet(report),
    answers: (method) => (method === 'studyResult' ? { text: encodeWire(scan), stale: false } : undefined),
  });
  await openSection(page, 'Widths');
  await page.getByText('2 of 4 updates grow with the width').waitFor();
  await page.locator('.ranked tbody tr').nth(7).waitFor();
  const tensors = scan.scans[0]?.tensors ?? [];
  const shown = await cellsOf(page.locator('.ranked tbody tr'));
  assert.deepEqual(
    shown.map((row) => row.slice(2, -1)),
    tensors.flatMap((tensor) => scanRows(tensor).map((row) => row.slice(1, -1))),
  );
  assert.deepEqual(
    shown.map((row) => row.at(-1)),
    ['✓ flat', '▼ shrinks', '✓ flat', '▲ grows', '✓ flat', '✓ flat', '✓ flat', '▲ grows'],
  );
  const charts = page.locator('.scan-chart');
  assert.equal(await charts.count(), 2);
  assert.match(
    (await charts.nth(1).getAttribute('aria-label')) ?? '',
    /over widths 32, 64, 128, 256, both axes logarithmic: 1 shrinks, 2 grows, 1 flat/,
  );
  // A law of power 1 rises by as many decades as the width has: its line is straight, and twice as steep as one of power ½.
  const rises = await charts.nth(1).evaluate((chart) =>
    Array.from(chart.querySelectorAll('path.line'), (line) => {
      const ys = Array.from((line.getAttribute('d') ?? '').matchAll(/[ML][\d.]+ ([\d.]+)/g), (match) =>
        Number(match[1]),
      );
      return ys.slice(1).map((y, index) => Math.round(10 * ((ys[index] ?? 0) - y)) / 10);
    }),
  );
  // The lines of the chosen layer lie on top of the others, whichever it is.
  rises.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  const steepest = rises[3]?.[0] ?? 0;
  assert.ok(steepest > 5);
  for (const [index, slope] of [-0.5, 0, 0.5, 1].entries())
    for (const rise of rises[index] ?? []) assert.ok(Math.abs(rise - slope * steepest) <= 0.2);
  const name = tensors[1]?.layer ?? '';
  await page.locator('.ranked').getByRole('button', { name, exact: true }).click();
  await page.locator('.scan-chart .line.chosen').nth(1).waitFor({ state: 'attached' });
  assert.equal(await page.locator('.scan-chart .line.chosen').count(), 2);
  assert.deepEqual(faults, []);
  await page.close();
});
