import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { withGraphs } from '../../src/node/graphLayout.ts';
import { formatNumber } from '../../src/report/format.ts';
import { openBrowser } from '../support/browser.ts';
import { deepModel, recordedPage } from '../support/recorded.ts';
import { madeReport, madeSet } from '../support/reports.ts';
import { madeComparison, madeStudy } from '../support/studies.ts';
import { openView } from './support/viewPage.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

/** Middle of a column of a line chart, in pixels of the page. */
async function columnOf(chart: Locator, index: number, columns: number): Promise<{ x: number; y: number }> {
  const box = await chart.boundingBox();
  assert.ok(box);
  const viewBox = (await chart.getAttribute('viewBox')) ?? '';
  const width = Number(viewBox.split(' ')[2]);
  const inside = 64 + ((index + 0.5) / columns) * (width - 64);
  return { x: box.x + (inside / width) * box.width, y: box.y + box.height / 2 };
}

/** The column that a chart marks, from where its mark lies; −1 for none. */
async function marked(chart: Locator, columns: number): Promise<number> {
  const x = Number(await chart.locator('.column').first().getAttribute('x'));
  const width = Number(((await chart.getAttribute('viewBox')) ?? '').split(' ')[2]);
  return x < 0 ? -1 : Math.round(((x - 64) / (width - 64)) * columns);
}

test('a layer chosen in one section is marked in every other: charts, cards, table, graph', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { data } = await recordedPage(deepModel('chosen', 6), '--seeds', '2', '--batch', '8');
  const report = data.reports.reports[0];
  assert.ok(report);
  const set = await withGraphs(data.reports);
  const dense = report.layers.filter(({ kind }) => kind === 'dense').map(({ id }) => id);
  const wanted = dense[3] ?? '';
  const { page, sent, faults } = await openView(browser, 'report', { set, answers: madeStudy });
  const open = (name: string | RegExp) => page.getByRole('tab', { name }).click();
  await open('What if');
  const chart = page.locator('.what-if .line-chart');
  await chart.waitFor();
  const { x, y } = await columnOf(chart, dense.indexOf(wanted), dense.length);
  await page.mouse.click(x, y);
  assert.equal((await sent()).findLast(({ type }) => type === 'select')?.['layer'], wanted);
  assert.equal(await marked(chart, dense.length), dense.indexOf(wanted));
  await open('Profile');
  assert.equal(await page.textContent('aside h2'), wanted);
  assert.ok(await page.locator('.column-name.on', { hasText: wanted }).count());
  await open('Distributions');
  assert.equal(await page.locator('.multiple.on').getAttribute('data-layer'), wanted);
  const units = page.locator('.distributions .line-chart');
  if ((await units.count()) > 0) assert.equal(await marked(units, dense.length), dense.indexOf(wanted));
  await open('Graph');
  assert.equal(await page.locator('.box[aria-selected=true]').getAttribute('data-layer'), wanted);
  await open('All layers');
  assert.ok((await page.locator('[role=option][aria-selected=true]').textContent())?.includes(wanted));
  assert.deepEqual(faults, []);
  await page.close();
});

test('the findings that name the chosen layer are marked, and their echoes choose layers', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(8, 2e-5);
  const [finding] = report.findings;
  assert.ok(finding);
  const echoes = [{ layer: 'dense_5', rule: finding.rule, message: 'signal 0.001' }];
  const set = madeSet({ ...report, findings: [{ ...finding, layers: [finding.layer], echoes }] });
  const { page, sent } = await openView(browser, 'report', { set });
  await page.getByRole('tab', { name: 'All layers' }).click();
  await page.locator('[role=option]', { hasText: 'dense_6' }).click();
  await page.getByRole('tab', { name: /^Findings/ }).click();
  assert.equal(await page.locator('.finding.on').count(), 0);
  await page.getByText('Carried on by 1 layer').click();
  await page.getByRole('button', { name: 'dense_5' }).click();
  assert.equal((await sent()).findLast(({ type }) => type === 'select')?.['layer'], 'dense_5');
  assert.equal(await page.locator('.finding.on').count(), 1);
  await page.close();
});

test('a comparison’s charts show the numbers under the pointer and follow the keys', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(10, 2e-5);
  const comparison = madeComparison(report).comparisons[0];
  const [best] = comparison?.starts ?? [];
  assert.ok(comparison && best);
  const { page, sent, faults } = await openView(browser, 'report', {
    set: madeSet(report),
    answers: madeStudy,
  });
  await page.getByRole('tab', { name: 'Compare' }).click();
  const chart = page.locator('.line-chart').first();
  const { x, y } = await columnOf(chart, 4, 10);
  await page.mouse.move(x, y);
  const tip = (await page.locator('.chart-tip').first().textContent()) ?? '';
  assert.ok(tip.startsWith(comparison.layers[4] ?? 'none'), tip);
  assert.ok(tip.includes(`${best.title}${formatNumber(best.profile.signal[4] ?? NaN)}`), tip);
  await page.mouse.move(2, 2);
  assert.ok(await page.locator('.chart-tip').first().isHidden());
  await page.locator('.chart-box').first().focus();
  await page.keyboard.press('End');
  assert.equal((await sent()).findLast(({ type }) => type === 'select')?.['layer'], 'dense_9');
  await page.keyboard.press('ArrowLeft');
  assert.equal((await sent()).findLast(({ type }) => type === 'select')?.['layer'], 'dense_8');
  assert.equal(await marked(page.locator('.line-chart').nth(1), 10), 8);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the profile’s arrow keys choose layers; a strip under the pointer shows its column above', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(10, 2e-5);
  const { page, faults } = await openView(browser, 'report', { set: madeSet(report) });
  const first = await page.textContent('aside h2');
  await page.locator('.profile-place').focus();
  await page.keyboard.press('ArrowRight');
  const second = await page.textContent('aside h2');
  assert.notEqual(second, first);
  await page.keyboard.press('Home');
  assert.equal(await page.textContent('aside h2'), 'dense_0');
  const canvas = page.locator('.profile canvas');
  const before = await canvas.screenshot();
  await page.locator('.cell').nth(7).hover();
  await page.waitForTimeout(300);
  assert.notDeepEqual(await canvas.screenshot(), before);
  const box = await canvas.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width - 30, box.y + box.height / 2);
  await page.locator('.column-name.under', { hasText: 'dense_9' }).waitFor();
  assert.deepEqual(faults, []);
  await page.close();
});

test('the details of a layer have its percentiles, and small kernels their singular values', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { data } = await recordedPage(deepModel('spectra', 3), '--seeds', '2', '--batch', '8');
  const layer = data.reports.reports[0]?.layers.find(({ kind }) => kind === 'dense');
  const { weight, singular } = layer?.distributions ?? {};
  assert.ok(layer && weight && singular);
  const { page, faults } = await openView(browser, 'side', { set: data.reports });
  await page.locator('.layer', { hasText: layer.id }).click();
  const box = page.locator('.detail-box');
  await box.locator('.percentiles').first().waitFor();
  const text = (await box.textContent()) ?? '';
  assert.ok(text.includes(`p50${formatNumber(weight.percentiles[2], 2)}p95`), text);
  assert.ok(
    text.includes(`largest ${formatNumber(singular.max, 2)}smallest ${formatNumber(singular.min, 2)}`),
    text,
  );
  assert.ok(singular.max ** 2 <= weight.count * weight.rms ** 2 * (1 + 1e-6));
  assert.deepEqual(faults, []);
  await page.close();
});
