import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { withGraphs } from '../../src/node/graphLayout.ts';
import { formatMeasured, formatNumber } from '../../src/report/format.ts';
import { openBrowser } from '../support/browser.ts';
import { deepModel, recordedPage } from '../support/recorded.ts';
import { madeReport, madeSet } from '../support/reports.ts';
import { madeComparison, madeStudy } from '../support/studies.ts';
import { openView } from './support/viewPage.ts';
import { openSection, settles, tellsOf } from './support/waits.ts';

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

/** Waits until a chart marks a column, told by where its mark lies. */
async function marks(chart: Locator, columns: number, wanted: number): Promise<void> {
  await settles(async () => {
    const x = Number(await chart.locator('.column').first().getAttribute('x'));
    const width = Number(((await chart.getAttribute('viewBox')) ?? '').split(' ')[2]);
    assert.equal(x < 0 ? -1 : Math.round(((x - 64) / (width - 64)) * columns), wanted);
  });
}

/** A picture of a chart that is drawn and moves no more: two alike in a row. */
async function stillPicture(chart: Locator): Promise<Buffer> {
  let last = await chart.screenshot();
  return settles(async () => {
    const before = last;
    last = await chart.screenshot();
    assert.deepEqual(last, before);
    return last;
  });
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
  const open = (name: string) => openSection(page, name);
  await open('What if');
  const chart = page.locator('.what-if .line-chart');
  await chart.waitFor();
  const { x, y } = await columnOf(chart, dense.indexOf(wanted), dense.length);
  await page.mouse.click(x, y);
  await tellsOf({ sent }, wanted);
  await marks(chart, dense.length, dense.indexOf(wanted));
  await open('Profile');
  await page.locator('aside h2', { hasText: wanted }).waitFor();
  await page.locator('.column-name.on', { hasText: wanted }).waitFor();
  await open('Distributions');
  await page.locator(`.multiple.on[data-layer="${wanted}"]`).waitFor();
  const units = page.locator('.distributions .line-chart');
  if ((await units.count()) > 0) await marks(units, dense.length, dense.indexOf(wanted));
  await open('Graph');
  await page.locator(`.box[aria-selected=true][data-layer="${wanted}"]`).waitFor();
  await open('All layers');
  await page.locator('[role=option][aria-selected=true]', { hasText: wanted }).waitFor();
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
  await openSection(page, 'All layers');
  await page.locator('[role=option]', { hasText: 'dense_6' }).click();
  await tellsOf({ sent }, 'dense_6');
  await openSection(page, /^Findings/);
  assert.equal(await page.locator('.finding.on').count(), 0);
  await page.getByText('Carried on by 1 layer').click();
  await page.getByRole('button', { name: 'dense_5' }).click();
  await tellsOf({ sent }, 'dense_5');
  await page.locator('.finding.on').waitFor();
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
  await openSection(page, 'Compare');
  const chart = page.locator('.line-chart').first();
  const { x, y } = await columnOf(chart, 4, 10);
  await page.mouse.move(x, y);
  await settles(async () => {
    const tip = (await page.locator('.chart-tip').first().textContent()) ?? '';
    assert.ok(tip.startsWith(comparison.layers[4] ?? 'none'), tip);
    assert.ok(tip.includes(`${best.title}${formatNumber(best.profile.signal[4] ?? NaN)}`), tip);
  });
  await page.mouse.move(2, 2);
  await page.locator('.chart-tip').first().waitFor({ state: 'hidden' });
  await page.locator('.chart-box').first().focus();
  await page.keyboard.press('End');
  await tellsOf({ sent }, 'dense_9');
  await page.keyboard.press('ArrowLeft');
  await tellsOf({ sent }, 'dense_8');
  await marks(page.locator('.line-chart').nth(1), 10, 8);
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
  await settles(async () => assert.notEqual(await page.textContent('aside h2'), first));
  await page.keyboard.press('Home');
  await page.locator('aside h2', { hasText: 'dense_0' }).waitFor();
  const canvas = page.locator('.profile canvas');
  const before = await stillPicture(canvas);
  await page.locator('.cell').nth(7).hover();
  await settles(async () => assert.notDeepEqual(await canvas.screenshot(), before));
  const box = await canvas.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width - 30, box.y + box.height / 2);
  await page.locator('.column-name.under', { hasText: 'dense_9' }).waitFor();
  assert.deepEqual(faults, []);
  await page.close();
});

test('the details of a layer have its numbers with their intervals, percentiles, and small kernels their singular values', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { data } = await recordedPage(deepModel('spectra', 3), '--seeds', '2', '--batch', '8');
  const layer = data.reports.reports[0]?.layers.find(({ kind }) => kind === 'dense');
  const { weight, singular } = layer?.distributions ?? {};
  assert.ok(layer && weight && singular);
  const { page, faults } = await openView(browser, 'side', { set: data.reports });
  await page.locator('.layer', { hasText: layer.id }).click();
  const box = page.locator('.detail-box');
  await box.locator('.percentiles').first().waitFor();
  const { preActivation } = layer.measured;
  assert.ok(preActivation !== undefined && preActivation.lo < preActivation.hi);
  await box.locator('.numbers td', { hasText: formatMeasured(preActivation) }).waitFor();
  await settles(async () =>
    assert.ok(await box.evaluate((element) => element.scrollWidth <= element.clientWidth), 'numbers are cut'),
  );
  await settles(async () => {
    const text = (await box.textContent()) ?? '';
    assert.ok(text.includes(`p50${formatNumber(weight.percentiles[2], 2)}p95`), text);
    const ends = `largest ${formatNumber(singular.max, 2)}smallest ${formatNumber(singular.min, 2)}`;
    assert.ok(text.includes(ends), text);
  });
  assert.ok(singular.max ** 2 <= weight.count * weight.rms ** 2 * (1 + 1e-6));
  assert.deepEqual(faults, []);
  await page.close();
});
