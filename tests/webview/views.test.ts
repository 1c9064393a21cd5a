import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { formatNumber } from '../../src/report/format.ts';
import { encodeWire } from '../../src/protocol/wireReports.ts';
import { htmlReport } from '../../src/report/html.ts';
import { openBrowser } from '../support/browser.ts';
import { scratchFolder } from '../support/folder.ts';
import { deepModel, everywhere, recordedPage } from '../support/recorded.ts';
import { madeReport, madeSet } from '../support/reports.ts';
import { inRepo } from '../support/root.ts';
import { openView } from './support/viewPage.ts';
import { asked, openSection, settles, tellsOf } from './support/waits.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

const HOSTILE = '</script><img src=x onerror=document.title="owned">';
const deep = madeSet(madeReport(10, 2e-5));

for (const view of ['side', 'report'] as const) {
  test(`${view} view shows a hostile layer name as text`, async (t) => {
    if (browser === null) return t.skip('no browser');
    const set = madeSet(madeReport(3, 2e-5, (index) => `${HOSTILE}${index}`));
    const { page, faults } = await openView(browser, view, { set });
    await settles(async () => assert.ok((await page.textContent('body'))?.includes(HOSTILE)));
    assert.equal(await page.locator('img').count(), 0);
    assert.notEqual(await page.title(), 'owned');
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test('the side view lists 1,000 layers with few rows in the page, and arrow keys choose', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(1000, 2e-5);
  const { page, sent } = await openView(browser, 'side', { set: madeSet(report) });
  assert.ok((await page.locator('.layer').count()) < 60);
  await page.focus('.vl');
  await page.keyboard.press('End');
  await tellsOf({ sent }, 'dense_999');
  await page.locator('.detail-box', { hasText: 'dense_999' }).waitFor();
  await page.close();
});

test('scrolling the side view by single rows builds rows only every few rows, and shows every row it passes', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { page } = await openView(browser, 'side', { set: madeSet(madeReport(1000, 2e-5)) });
  const { built, missing } = await page.evaluate(async () => {
    const list = document.querySelector('.vl');
    const rows = document.querySelector('.vl-space');
    if (list === null || rows === null) throw new Error('no list');
    const height = document.querySelector('.vl-row')?.getBoundingClientRect().height ?? NaN;
    let changes = 0;
    new MutationObserver(() => changes++).observe(rows, { childList: true });
    let gaps = 0;
    for (let row = 1; row <= 60; row++) {
      list.scrollTop = row * height;
      await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
      const box = list.getBoundingClientRect();
      const shown = [...document.querySelectorAll('.vl-row')].map((each) => each.getBoundingClientRect());
      if (
        !shown.some(({ top }) => top <= box.top + 1) ||
        !shown.some(({ bottom }) => bottom >= box.bottom - 1)
      )
        gaps++;
    }
    return { built: changes, missing: gaps };
  });
  assert.equal(missing, 0);
  assert.ok(built > 0 && built <= 12, `${built} times for 60 rows`);
  await page.close();
});

test('numbers in the side view are the report’s, by metric', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(6, 2e-5);
  const { page } = await openView(browser, 'side', { set: madeSet(report) });
  const values = (wanted: readonly string[]) =>
    settles(async () =>
      assert.deepEqual(
        (await page.locator('.layer .value').allTextContents()).slice(0, wanted.length),
        wanted,
      ),
    );
  await values(report.layers.map(({ measured }) => formatNumber(measured.preActivation?.mean ?? NaN)));
  await page.getByRole('radio', { name: 'Zeros' }).click();
  await values(['50 %', '50 %']);
  await page.close();
});

test('Apply asks the host for the diff of exactly the advised changes, or for these at once', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(4, 2e-5);
  const { page, sent } = await openView(browser, 'side', { set: madeSet(report) });
  const changes = report.findings[0]?.advice[0]?.changes;
  await page.getByRole('button', { name: /^Apply he_normal/ }).click();
  assert.deepEqual(await asked({ sent }, 'apply'), { model: 'model', changes, diff: true });
  await page.getByRole('button', { name: 'Apply at once' }).click();
  await settles(async () => assert.equal((await asked({ sent }, 'apply'))['diff'], false));
  await page.close();
});

test('an archive is offered the repair that rewrites it after a question, a file that cannot take it the reason', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(4, 2e-5);
  const edit = { ok: false, refusal: { reason: 'no text to edit', place: 'net.keras' } } as const;
  const findings = report.findings.map((finding) => ({
    ...finding,
    advice: finding.advice.map((advice) => ({ ...advice, edit })),
  }));
  const other = await openView(browser, 'side', { set: madeSet({ ...report, findings }) });
  await other.page.getByText('Not written into the file: no text to edit').waitFor();
  assert.equal(await other.page.locator('.advice .primary').count(), 0);
  await other.page.close();
  const { page } = await openView(browser, 'side', {
    set: madeSet({ ...report, findings, format: 'keras-archive' }),
  });
  await page.locator('.advice .primary').first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Apply at once' }).count(), 0);
  await page.close();
});

test('the host can select a layer without the view answering back', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { page, post, sent } = await openView(browser, 'report', { set: deep });
  const selections = async () => (await sent()).filter(({ type }) => type === 'select').length;
  const before = await selections();
  await post({ type: 'select', layer: 'dense_4' });
  await page.waitForFunction(() => document.querySelector('aside h2')?.textContent === 'dense_4');
  assert.equal(await selections(), before);
  await page.close();
});

test('a stale result says so and offers to measure again', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { page, sent } = await openView(browser, 'side', { set: deep, stale: true });
  await page.getByRole('button', { name: 'Re-measure' }).click();
  await asked({ sent }, 'measure');
  await page.close();
});

test('an exported page works from disk with the network off, hostile names and non-finite numbers included', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(5, 2e-5, (index) => (index === 0 ? HOSTILE : `dense_${index}`));
  const [script, style] = ['js', 'css'].map((kind) =>
    readFileSync(inRepo(`dist/webview/report.${kind}`), 'utf8'),
  ) as [string, string];
  const hash = (text: string) => createHash('sha256').update(text).digest('base64');
  const first = report.layers[1];
  assert.ok(first);
  const broken = {
    ...first,
    measured: { ...first.measured, preActivation: { mean: Infinity, lo: 1, hi: Infinity, n: 5 } },
  };
  const set = madeSet({ ...report, layers: [report.layers[0] ?? first, broken, ...report.layers.slice(2)] });
  const file = join(scratchFolder(), 'report.html');
  writeFileSync(
    file,
    htmlReport(encodeWire({ reports: set }), 'model', {
      script,
      style,
      scriptHash: hash(script),
      styleHash: hash(style),
    }),
  );
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  await openSection(page, 'All layers');
  await settles(async () => {
    const text = (await page.textContent('body')) ?? '';
    assert.ok(text.includes('∞'));
    assert.ok(text.includes(HOSTILE));
  });
  assert.equal(await page.getByRole('button', { name: /^Apply/ }).count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test('what was measured with an advice is drawn on the profile, told in words, and taken off again', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { data } = await recordedPage(deepModel('repaired', 8, { initializer: everywhere.normal(0.01) }));
  const report = data.reports.reports[0];
  const advice = report?.findings.flatMap((each) => each.advice).find(({ repair }) => repair !== undefined);
  const signal = report?.repairs?.[advice?.repair ?? -1]?.signal;
  assert.equal(signal?.length, report?.layers.length);
  const value = signal?.[report?.layers.findLastIndex(({ trunk }) => trunk) ?? 0] ?? NaN;
  const { page, faults } = await openView(browser, 'report', { set: data.reports });
  const says = (holds: (words: string) => boolean) =>
    settles(async () => {
      const words = (await page.locator('.profile canvas').getAttribute('aria-label')) ?? '';
      assert.ok(holds(words), words);
    });
  await says((words) => words.includes(` to ${formatNumber(value)} at `));
  const button = page.locator(`button.preview[data-repair="${advice?.repair}"]`).first();
  const pressed = (wanted: boolean) =>
    settles(async () => assert.equal(await button.getAttribute('aria-pressed'), String(wanted)));
  await pressed(true);
  await button.click();
  await pressed(false);
  await says((words) => !words.includes(' With “'));
  await openSection(page, /^Findings/);
  await page.getByRole('button', { name: 'Show on the profile' }).first().click();
  await says((words) => words.includes(' With “'));
  assert.deepEqual(faults, []);
  await page.close();
});
