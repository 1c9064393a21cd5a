import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { madeReport, madeSet } from '../support/reports.ts';
import { openView } from './support/viewPage.ts';
import { asked, openSection, settles } from './support/waits.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

test('all layers are sorted by any column, filtered by any word, and copied as they are shown', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(300, 2e-5);
  const { page, sent, faults } = await openView(browser, 'report', { set: madeSet(report) });
  await openSection(page, 'All layers');
  const first = (name: string) =>
    page.locator('[role=option][aria-posinset="1"]', { hasText: name }).waitFor();
  await first('dense_0');
  const byRms = page.getByRole('button', { name: 'sort by rms' });
  await byRms.click();
  await first('dense_299');
  await byRms.click();
  await first('dense_0');
  await page.getByRole('searchbox').fill('dense_29');
  await page.locator('[role=option][aria-setsize="11"]').first().waitFor();
  await page.getByRole('button', { name: 'Copy as table' }).click();
  const { text } = (await asked({ sent }, 'copy')) as { text: string };
  const rows = text.split('\n').map((line) => line.split('\t')[0]);
  assert.deepEqual(rows, ['layer', 'dense_29', ...Array.from({ length: 10 }, (_, i) => `dense_${290 + i}`)]);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the profile of a deep model is zoomed, moved and looked at by blocks, and follows the layer that is chosen', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(200, 2e-5);
  const { page, faults } = await openView(browser, 'report', { set: madeSet(report) });
  const says = (words: string) => page.locator('.zoom [role=status]', { hasText: words }).waitFor();
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await says('all 200 layers');
  await press('zoom in');
  await says('100 of 200 layers, from dense_50 to dense_149');
  await press('later layers');
  await says('100 of 200 layers, from dense_100 to dense_199');
  await settles(async () => assert.equal(await page.locator('.column-name').count(), 100));
  await openSection(page, 'All layers');
  await page.locator('[role=option][aria-posinset="1"]').click();
  await openSection(page, 'Profile');
  await says('100 of 200 layers, from dense_0 to dense_99');
  await press('show all layers');
  await says('all 200 layers');
  await page.locator('.block').first().click();
  await says('of 200 layers, from dense_0 to');
  assert.deepEqual(faults, []);
  await page.close();
});
