import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Report, ReportSet } from '../../src/model/report.ts';
import { encodeWire } from '../../src/protocol/wireReports.ts';
import { formatNumber } from '../../src/report/format.ts';
import { openBrowser } from '../support/browser.ts';
import { deepModel, everywhere, recordedPage } from '../support/recorded.ts';
import { inRepo } from '../support/root.ts';
import { openView } from './support/viewPage.ts';
import { asked, openSection, settles, tellsOf } from './support/waits.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

/** The page and the reports in it of a model, by theory alone. */
async function predicted(model: string): Promise<{ html: string; set: ReportSet; report: Report }> {
  const { html, data } = await recordedPage(model, '--predict-only');
  return { html, set: data.reports, report: data.reports.reports[0] as Report };
}

async function whatIf(page: Page): Promise<string> {
  await openSection(page, 'What if');
  await page.locator('.answer', { hasText: /./ }).waitFor();
  return (await page.textContent('.answer')) ?? '';
}

/** What the page answers as soon as it is something else than before. */
const nextAnswer = (page: Page, before: string) =>
  settles(async () => {
    const text = (await page.textContent('.answer')) ?? '';
    assert.notEqual(text, before);
    return text;
  });

test('what if shows --predict-only’s numbers before anything is changed, offline and without Apply', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { html, report } = await predicted(inRepo('examples/deep-sigmoid.json'));
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  await page.goto(pathToFileURL(html).href);
  const text = await whatIf(page);
  const known = report.layers.filter(({ predicted: own }) => own.preActivation !== undefined);
  assert.ok(known.length > 5);
  for (const layer of [known[0], known.at(-1)])
    assert.ok(
      text.includes(`${formatNumber(layer?.predicted.preActivation ?? NaN)} at ${layer?.id ?? ''}`),
      text,
    );
  assert.equal(await page.getByRole('button', { name: 'Apply…' }).count(), 0);
  await context.close();
});

test('what if he_normal everywhere predicts what the file with he_normal predicts, and Apply asks for it', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { set, report } = await predicted(deepModel('small', 12, { initializer: everywhere.normal(0.01) }));
  const repaired = await predicted(deepModel('he', 12, { initializer: everywhere.he }));
  const wanted = repaired.report.layers.at(-1);
  const { page, sent, faults } = await openView(browser, 'report', { set });
  const before = await whatIf(page);
  await page.getByRole('combobox', { name: 'initializer' }).selectOption('heNormal');
  const after = await nextAnswer(page, before);
  assert.ok(after.includes(`${formatNumber(wanted?.predicted.preActivation ?? NaN)} at ${wanted?.id ?? ''}`));
  await page.getByRole('button', { name: 'Apply…' }).click();
  const { changes, diff } = (await asked({ sent }, 'apply')) as {
    changes: { layers: string[] }[];
    diff: boolean;
  };
  assert.equal(diff, true);
  assert.deepEqual(
    changes.flatMap(({ layers }) => layers).toSorted(),
    report.layers
      .filter(({ kind }) => kind === 'dense')
      .map(({ id }) => id)
      .toSorted(),
  );
  assert.deepEqual(faults, []);
  await page.close();
});

test('Apply asks for activation, width and depth; what the file cannot take is said beside a button that waits', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { set } = await predicted(deepModel('sizes', 6, { units: 32, initializer: everywhere.he }));
  const { page, sent, faults } = await openView(browser, 'report', {
    set,
    answers: (method, { changes }) => {
      if (method !== 'refusal') return undefined;
      const deeper = (changes as object[]).some((change) => 'times' in change);
      return deeper ? 'net.ts:7: this call makes 6 layers.' : null;
    },
  });
  await whatIf(page);
  const apply = page.getByRole('button', { name: 'Apply…' });
  assert.ok(await apply.isDisabled());
  await page.getByRole('combobox', { name: 'activation' }).selectOption('tanh');
  await page.getByRole('combobox', { name: 'width' }).selectOption('2');
  await apply.click();
  const { changes } = (await asked({ sent }, 'apply')) as { changes: Record<string, unknown>[] };
  const hidden = [0, 1, 2, 3, 4].map((index) => `dense_${index}`);
  assert.deepEqual(changes, [
    { layers: hidden, width: 64 },
    { layers: hidden, activation: { id: 'tanh', params: {}, written: 'tanh' } },
  ]);
  await page.getByRole('combobox', { name: 'depth' }).selectOption('2');
  await page.getByText('net.ts:7: this call makes 6 layers.').waitFor();
  await page.getByRole('button', { name: 'Apply…', disabled: true }).waitFor();
  await page.getByRole('combobox', { name: 'depth' }).selectOption('1');
  await page.getByRole('button', { name: 'Apply…', disabled: false }).waitFor();
  assert.deepEqual(faults, []);
  await page.close();
});

test('What if begins with the layer that was chosen elsewhere', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { set } = await predicted(deepModel('chosen', 6, { units: 32, initializer: everywhere.he }));
  const { page, sent } = await openView(browser, 'report', { set });
  await openSection(page, 'All layers');
  await page.locator('[role=option]', { hasText: 'dense_3' }).click();
  await tellsOf({ sent }, 'dense_3');
  await whatIf(page);
  await settles(async () =>
    assert.equal(await page.getByRole('combobox', { name: 'layer' }).inputValue(), 'dense_3'),
  );
  await page.close();
});

test('twice the width and depth predict what the file of that size predicts', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { set } = await predicted(deepModel('six', 6, { units: 32, initializer: everywhere.he }));
  const scenarios: unknown[] = [];
  const { page, faults } = await openView(browser, 'report', {
    set,
    answers: (method, params) => {
      if (method !== 'scenario') return undefined;
      scenarios.push(params['scenario']);
      const one = { mean: 0.5, lo: 0.4, hi: 0.6, n: 5 };
      const layers = { dense_0: { preActivation: one }, dense_5: { preActivation: { ...one, mean: 0.25 } } };
      return encodeWire({ seeds: 5, layers });
    },
  });
  const before = await whatIf(page);
  await page.getByRole('combobox', { name: 'width' }).selectOption('2');
  const wider = await nextAnswer(page, before);
  const twice = await predicted(deepModel('wide', 6, { units: 64, initializer: everywhere.he }));
  const wide = twice.report.layers.filter(({ kind }) => kind === 'dense');
  for (const layer of [wide[0], wide.at(-1)])
    assert.ok(
      wider.includes(`${formatNumber(layer?.predicted.preActivation ?? NaN)} at ${layer?.id ?? ''}`),
      wider,
    );
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.locator('.answer', { hasText: before }).waitFor();
  await page.getByRole('combobox', { name: 'depth' }).selectOption('3');
  await nextAnswer(page, before);
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.getByText('Measured over 5 seeds: 0.5 to 0.25.').waitFor();
  assert.deepEqual(scenarios, [{ gain: (scenarios[0] as { gain: number }).gain, depth: 3 }]);
  assert.deepEqual(faults, []);
  await page.close();
});
