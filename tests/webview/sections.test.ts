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
  const room = page.locator('.table');
  await settles(async () =>
    assert.ok(await room.evaluate((table) => table.scrollWidth <= table.clientWidth), 'columns are hidden'),
  );
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

test('names under a deep profile stand apart, and the chosen layer and the cause have theirs', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(150, 2e-5);
  const { page, faults } = await openView(browser, 'report', { set: madeSet(report) });
  const cause = report.findings[0]?.layer ?? '';
  for (const [chosen, width] of [
    ['dense_77', 1280],
    ['dense_78', 900],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await openSection(page, 'All layers');
    await page.getByRole('searchbox').fill(chosen);
    await page.locator('[role=option]', { hasText: chosen }).first().click();
    await openSection(page, 'Profile');
    await page.locator('.column-name.on .label', { hasText: chosen }).waitFor();
    await page.locator('.label', { hasText: new RegExp(`^${cause}$`) }).waitFor();
    await settles(async () => {
      const places = await page
        .locator('.column-name:has(.label:not([hidden]))')
        .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().left));
      assert.ok(places.length > 5);
      places.slice(1).forEach((place, index) => assert.ok(place - (places[index] ?? 0) > 23));
    });
  }
  assert.deepEqual(faults, []);
  await page.close();
});
