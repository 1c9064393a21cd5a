import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { decodeSummary, encodeSummary, partOf } from '../../src/protocol/reportParts.ts';
import { encodeWire } from '../../src/protocol/wireReports.ts';
import { formatNumber } from '../../src/report/format.ts';
import { openBrowser } from '../support/browser.ts';
import { recordedReports } from '../support/recorded.ts';
import { madeReport, madeSet } from '../support/reports.ts';
import { inRepo } from '../support/root.ts';
import { openView, showing } from './support/viewPage.ts';
import { openSection, settles } from './support/waits.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

const MEGABYTE = 1_000_000;

test('the bundles are small: side view 250 kB, report 450 kB', () => {
  const size = (name: string) => statSync(inRepo('dist/webview', name)).size;
  assert.ok(size('side.js') + size('side.css') <= 250_000);
  assert.ok(size('report.js') + size('report.css') <= 450_000);
});

test('no message of a measured model of 1,000 layers reaches 2 MB', async () => {
  const set = await recordedReports('deep', 1000);
  const [report] = set.reports;
  assert.ok(report !== undefined && report.layers.length > 1000);
  const text = encodeSummary(set);
  assert.ok(text.length < 2 * MEGABYTE, `summary ${text.length}`);
  const layers = report.layers.slice(0, 100).map(({ id }) => id);
  assert.ok(encodeWire(partOf(report, { kind: 'distributions', layers })).length < 2 * MEGABYTE);
  assert.ok(encodeWire(partOf(report, { kind: 'spec' })).length < 2 * MEGABYTE);
  for (const [index, { measured }] of (decodeSummary(text).reports[0]?.layers ?? []).entries()) {
    const original: number = report.layers[index]?.measured.preActivation?.mean ?? NaN;
    assert.equal(formatNumber(measured.preActivation?.mean ?? NaN), formatNumber(original));
  }
});

test('histograms are asked for when they come into view, some layers at a time', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { page, sent } = await openView(browser, 'report', { set: madeSet(madeReport(300, 2e-5)) });
  const wanted = async () =>
    (await sent()).flatMap(({ method, params }) => {
      const { part } = (params ?? {}) as { part?: { kind: string; layers?: string[] } };
      return method === 'part' && part?.kind === 'distributions' ? (part.layers ?? []) : [];
    });
  await page.locator('aside .histogram').first().waitFor();
  await settles(async () => assert.deepEqual(await wanted(), ['dense_0']));
  await openSection(page, 'Distributions');
  await page.locator('.multiple .histogram').first().waitFor();
  const first = await wanted();
  assert.ok(first.length < 100, `${first.length} at once`);
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.locator('.multiple[data-layer="dense_299"] .histogram').first().waitFor();
  const all = await wanted();
  assert.equal(new Set(all).size, all.length);
  await page.close();
});

test('a state that names results already sent builds nothing anew', async (t) => {
  if (browser === null) return t.skip('no browser');
  const set = madeSet(madeReport(30, 2e-5));
  const { page, post } = await openView(browser, 'report', { set });
  await openSection(page, 'All layers');
  await page.getByRole('searchbox').fill('dense_2');
  const message = showing(set, true);
  assert.ok(message.type === 'state');
  await post({ ...message, results: { id: 'r1' } });
  await page.getByRole('button', { name: 'Re-measure' }).waitFor();
  assert.equal(await page.getByRole('searchbox').inputValue(), 'dense_2');
  const state = {
    kind: 'measuring',
    file: 'model.json',
    detail: 'measuring, 2 of 5',
    done: 2,
    total: 5,
    elapsedMs: 900,
  } as const;
  await post({ ...message, state, results: { id: 'r1' } });
  await page.getByText('Measuring, 2 of 5 · 0.9 s').waitFor();
  assert.equal(await page.getByRole('searchbox').inputValue(), 'dense_2');
  await post(showing(set, false, 'r2'));
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[type=search]')?.value === '');
  await page.close();
});

test('section and layer survive hiding: a view that begins anew shows what it showed', async (t) => {
  if (browser === null) return t.skip('no browser');
  const set = madeSet(madeReport(10, 2e-5));
  const first = await openView(browser, 'report', { set });
  await first.page.locator('.column-name').nth(6).click();
  await first.page.locator('aside h2', { hasText: 'dense_6' }).waitFor();
  await openSection(first.page, 'All layers');
  const state = await first.page.evaluate(
    () => (window as unknown as { kept: Record<string, unknown> }).kept,
  );
  await first.page.close();
  const { page } = await openView(browser, 'report', { set, state });
  await page.locator('[role=tab][aria-selected=true]', { hasText: 'All layers' }).waitFor();
  await openSection(page, 'Profile');
  await page.locator('aside h2', { hasText: 'dense_6' }).waitFor();
  await page.close();
});
