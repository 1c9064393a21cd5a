import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { ReportSet } from '../../src/model/report.ts';
import { withGraphs } from '../../src/node/graphLayout.ts';
import { formatMeasured, formatNumber } from '../../src/report/format.ts';
import { openBrowser } from '../support/browser.ts';
import { madeReport, madeSet } from '../support/reports.ts';
import { openView } from './support/viewPage.ts';
import { asked, openSection, settles, tellsOf } from './support/waits.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

/** The reports with their drawings; a busy machine may need more than the time that a drawing is given. */
const drawn = (set: ReportSet) =>
  settles(async () => {
    const made = await withGraphs(set);
    assert.ok(made.reports.every(({ graph }) => graph !== undefined));
    return made;
  });

test('the graph is laid out in layers, its arrow keys follow edges and select everywhere', async (t) => {
  const made = madeReport(6, 2e-5);
  const edges = [...made.edges, { from: 'dense_0', to: 'dense_3' }];
  const set = await drawn(madeSet({ ...made, edges }));
  const graph = set.reports[0]?.graph;
  assert.equal(graph?.edges.length, edges.length);
  for (const { from, to } of edges) {
    const [above, below] = [graph?.nodes[from], graph?.nodes[to]];
    assert.ok(above !== undefined && below !== undefined && above.y + above.height <= below.y);
  }
  if (browser === null) return t.skip('no browser');
  const { page, sent, faults } = await openView(browser, 'report', { set });
  await openSection(page, 'Graph');
  await page.locator('.box').last().waitFor();
  assert.equal(await page.locator('.box').count(), 6);
  await page.locator('.box[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await tellsOf({ sent }, 'dense_1');
  await page.locator('aside h2', { hasText: 'dense_1' }).waitFor();
  await page.getByRole('radio', { name: 'Zeros' }).click();
  const zeros = made.layers[1]?.measured.zeros ?? assert.fail();
  await settles(async () => {
    const label = await page.locator('.box[data-layer="dense_1"]').getAttribute('aria-label');
    assert.equal(label, `dense_1, Dense, Zeros measured ${formatMeasured(zeros, 'share')} over 5 seeds`);
  });
  assert.deepEqual(faults, []);
  await page.close();
});

test('a graph of 1,000 layers is shown whole and walked by keyboard', async (t) => {
  const set = await drawn(madeSet(madeReport(1000, 2e-5)));
  assert.equal(Object.keys(set.reports[0]?.graph?.nodes ?? {}).length, 1000);
  if (browser === null) return t.skip('no browser');
  const { page } = await openView(browser, 'report', { set });
  await openSection(page, 'Graph');
  await page.locator('.box').last().waitFor();
  assert.equal(await page.locator('.box').count(), 1000);
  await page.locator('.box[tabindex="0"]').focus();
  await page.keyboard.press('End');
  await page.locator('aside h2', { hasText: 'dense_999' }).waitFor();
  await page.close();
});

test('the profile has a table with its numbers, a picture at twice the size, and the layers go out as CSV', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(4, 2e-5, (index) => (index === 1 ? 'a,"b"' : `dense_${index}`));
  const { page, sent, faults } = await openView(browser, 'report', { set: madeSet(report) });
  await page.getByText('As a table').click();
  const row = (await page.locator('.as-table tbody tr').first().textContent()) ?? '';
  assert.ok(row.startsWith(`dense_0${formatNumber(report.layers[0]?.measured.preActivation?.mean ?? NaN)}`));
  await page.getByRole('button', { name: 'Save picture' }).click();
  const png = (await asked({ sent }, 'export')) as { data: string };
  const bytes = Buffer.from(png.data.replace('data:image/png;base64,', ''), 'base64');
  const shown = await page.locator('.profile canvas').boundingBox();
  assert.ok(Math.abs(bytes.readUInt32BE(16) - 2 * (shown?.width ?? 0)) <= 2);
  await openSection(page, 'All layers');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const exported = (format: string) =>
    settles(async () => {
      const params = (await asked({ sent }, 'export')) as { format: string; data: string };
      assert.equal(params.format, format);
      return params;
    });
  const csv = await exported('csv');
  assert.equal(csv.data.trim().split('\r\n').length, 5);
  assert.ok(csv.data.includes('"a,""b"""'));
  await page.getByRole('button', { name: 'JSON' }).click();
  await exported('json');
  assert.deepEqual(faults, []);
  await page.close();
});
