import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Report } from '../../src/model/report.ts';
import { comparisonRow } from '../../src/report/comparison.ts';
import { htmlReport } from '../../src/report/html.ts';
import { probeRow } from '../../src/report/probe.ts';
import { encodeWire } from '../../src/protocol/wireReports.ts';
import { openBrowser } from '../support/browser.ts';
import { scratchFolder } from '../support/folder.ts';
import { madeReport, madeSet } from '../support/reports.ts';
import { inRepo } from '../support/root.ts';
import { madeComparison, madeProbe, madeStarts } from '../support/studies.ts';
import { cellsOf } from './support/cells.ts';
import { openView } from './support/viewPage.ts';
import { asked, openSection, settles } from './support/waits.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

const report = madeReport(10, 2e-5);
const rowsOf = (page: Page) => cellsOf(page.locator('.ranked tbody tr'));

test('a comparison says its cost, is started, followed and shown with the numbers of its table', async (t) => {
  if (browser === null) return t.skip('no browser');
  const comparison = madeComparison(report);
  let done = false;
  let finish = (): void => undefined;
  const { page, post, sent, faults } = await openView(browser, 'report', {
    set: madeSet(report),
    answers: async (method) => {
      if (method === 'studyCost') return '12 initializations: about 3 s of one thread.';
      if (method === 'study') {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        done = true;
        return 'HeNormal is best.';
      }
      if (method === 'studyResult') return done ? { text: encodeWire(comparison), stale: false } : null;
      return undefined;
    },
  });
  await openSection(page, 'Compare');
  await page.getByText('about 3 s of one thread').waitFor();
  assert.equal((await sent()).filter(({ method }) => method === 'study').length, 0);
  await page.getByRole('button', { name: 'Compare initializers' }).click();
  await post({ type: 'progress', study: 'comparison', done: 2, total: 5, text: 'HeNormal: seed 3 of 5' });
  await page.getByText('HeNormal: seed 3 of 5').waitFor();
  await page.locator('progress[value="2"]').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await asked({ sent }, 'cancelStudy');
  finish();
  await page.getByText('HeNormal starts best, without a finding.').waitFor();
  const starts = comparison.comparisons[0]?.starts ?? [];
  await settles(async () => assert.deepEqual(await rowsOf(page), starts.map(comparisonRow)));
  const counts = (lines: string, wanted: number) =>
    settles(async () => assert.equal(await page.locator(lines).count(), wanted));
  await counts('.line.of-file', 2);
  await counts('.line.chosen', 2);
  await page.getByRole('button', { name: 'GlorotUniform' }).click();
  await counts('.line.chosen', 4);
  await page.getByText('As a table').click();
  await page.locator('.as-table tbody tr').nth(9).waitFor({ state: 'attached' });
  await counts('.as-table tbody tr', 10);
  assert.deepEqual(faults, []);
  await page.close();
});

test('starting points are measured from the report where the file carries weights, and shown beside each other', async (t) => {
  if (browser === null) return t.skip('no browser');
  const spec = { savedWeights: true } as NonNullable<Report['spec']>;
  let done = false;
  const { page, sent, faults } = await openView(browser, 'report', {
    set: madeSet({ ...report, spec }),
    answers: (method, { study }) => {
      if (method === 'study') {
        done = true;
        return 'weights';
      }
      if (method !== 'studyResult') return undefined;
      return done && study === 'starts' ? { text: encodeWire(madeStarts(report)), stale: false } : null;
    },
  });
  await openSection(page, 'Starting points');
  await page.getByRole('button', { name: 'Measure the saved weights' }).click();
  assert.deepEqual(await asked({ sent }, 'study'), { study: 'starts' });
  await page.getByText('weights 3× (dense_2) the size of the fresh draw').waitFor();
  await page.getByText('loss 0.12 (uninformed').waitFor();
  await settles(async () => assert.equal(await page.getByText('loss 2.31').count(), 1));
  await page.getByRole('button', { name: 'Measure again' }).waitFor();
  assert.deepEqual(faults, []);
  await page.close();
  const without = await openView(browser, 'report', { set: madeSet(report) });
  await without.page.getByRole('tab', { name: 'Compare' }).waitFor();
  assert.equal(await without.page.getByRole('tab', { name: 'Starting points' }).count(), 0);
  await without.page.close();
});

test('a study that fails says why, and can be started again', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { page } = await openView(browser, 'report', {
    set: madeSet(report),
    answers: (method) => {
      if (method === 'study') throw new Error('Cancelled.');
      return undefined;
    },
  });
  await openSection(page, 'Probe');
  await page.getByRole('button', { name: 'Train shortly' }).click();
  await page.getByText('Cancelled.').waitFor();
  await page.getByRole('button', { name: 'Train shortly', disabled: false }).waitFor();
  await page.close();
});

test('a probe shows every seed of every start, and in words what became of it', async (t) => {
  if (browser === null) return t.skip('no browser');
  const probe = madeProbe(report);
  const { page, faults } = await openView(browser, 'report', {
    set: madeSet(report),
    answers: (method) => (method === 'studyResult' ? { text: encodeWire(probe), stale: true } : undefined),
  });
  await openSection(page, 'Probe');
  await page.getByText('HeNormal, Adam learns fastest.').waitFor();
  const starts = probe.probes[0]?.starts ?? [];
  await settles(async () => assert.deepEqual(await rowsOf(page), starts.map(probeRow)));
  assert.equal(await page.locator('.curves figure').count(), 3);
  assert.equal(await page.locator('.curves .line.forward').count(), 9);
  const captions = await page.locator('.curves figcaption').allTextContents();
  assert.match(captions[0] ?? '', /half-way after 12 steps/);
  assert.match(captions[1] ?? '', /100 % stuck/);
  assert.match(captions[2] ?? '', /100 % of the seeds diverged/);
  await page.getByText('The file changed since this was made.').waitFor();
  const label = await page.locator('.curves svg').first().getAttribute('aria-label');
  assert.match(label ?? '', /^Loss of HeNormal, Adam over 40 steps, 3 seeds/);
  assert.deepEqual(faults, []);
  await page.close();
});

test('the last result survives a reload of the window, and says when the file has changed since', async (t) => {
  if (browser === null) return t.skip('no browser');
  const text = encodeWire(madeComparison(report));
  for (const [hash, stale] of [
    ['made', false],
    ['another', true],
  ] as const) {
    const { page } = await openView(browser, 'report', {
      set: madeSet(report),
      state: { tab: 'compare', comparison: { hash, text } },
    });
    await page.getByText('HeNormal starts best').waitFor();
    const note = page.getByText('The file changed since this was made.');
    await settles(async () => assert.equal(await note.isVisible(), stale));
    await page.close();
  }
});

test('an exported page carries the studies that were made, and cannot start any', async (t) => {
  if (browser === null) return t.skip('no browser');
  const read = (name: string) => readFileSync(inRepo('dist/webview', name), 'utf8');
  const hash = (text: string) => createHash('sha256').update(text).digest('base64');
  const [script, style] = [read('report.js'), read('report.css')];
  const parts = { script, style, scriptHash: hash(script), styleHash: hash(style) };
  const data = { reports: madeSet(report), comparison: madeComparison(report), probe: madeProbe(report) };
  const file = join(scratchFolder(), 'studies.html');
  writeFileSync(file, htmlReport(encodeWire(data), 'model', parts));
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.getByText('HeNormal starts best').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Compare/ }).count(), 0);
  await page.getByRole('tab', { name: 'Probe' }).click();
  await page.getByText('learns fastest').waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save picture' }).first().click();
  assert.match((await download).suggestedFilename(), /^model\.probe-he-normal-adam\.png$/);
  assert.deepEqual(faults, []);
  await context.close();
});
