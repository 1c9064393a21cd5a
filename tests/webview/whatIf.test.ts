import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Report, ReportSet } from '../../src/model/report.ts';
import { decodeReports } from '../../src/protocol/wireReports.ts';
import { formatNumber } from '../../src/report/format.ts';
import { openBrowser } from '../support/browser.ts';
import { cli } from '../support/cli.ts';
import { inRepo } from '../support/root.ts';
import { openView } from './support/viewPage.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

const folder = mkdtempSync(join(tmpdir(), 'initscope-what-if-'));

/** The page and the reports in it of a model, by theory alone. */
async function predicted(
  model: string,
  name: string,
): Promise<{ html: string; set: ReportSet; report: Report }> {
  const html = join(folder, `${name}.html`);
  await cli(['inspect', model, '--predict-only', '--html', html, '--quiet']);
  const data = /id="initscope-data">(.*?)<\/script>/s.exec(readFileSync(html, 'utf8'))?.[1] ?? '';
  const set = decodeReports(data);
  return { html, set, report: set.reports[0] as Report };
}

/** deep-sigmoid's dense layer, many times. */
function deepModel(count: number, stddev: number): string {
  const model = JSON.parse(readFileSync(inRepo('examples/deep-sigmoid.json'), 'utf8')) as {
    config: { layers: { config: Record<string, unknown> }[] };
  };
  const [input, dense] = model.config.layers;
  const layers = Array.from({ length: count }, (_, index) => ({
    ...dense,
    config: {
      ...dense?.config,
      name: `dense_${index}`,
      activation: index === count - 1 ? 'softmax' : 'relu',
      kernel_initializer: { class_name: 'RandomNormal', config: { mean: 0, stddev } },
    },
  }));
  const file = join(folder, `deep${count}.json`);
  writeFileSync(file, JSON.stringify({ ...model, config: { ...model.config, layers: [input, ...layers] } }));
  return file;
}

async function whatIf(page: Page): Promise<string> {
  await page.getByRole('tab', { name: 'What if' }).click();
  return (await page.textContent('.answer')) ?? '';
}

test('what if shows --predict-only’s numbers before anything is changed, offline and without Apply', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { html, report } = await predicted(inRepo('examples/deep-sigmoid.json'), 'sigmoid');
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
  const file = deepModel(12, 0.01);
  const { set, report } = await predicted(file, 'small');
  const text = readFileSync(file, 'utf8').replaceAll(
    '{"class_name":"RandomNormal","config":{"mean":0,"stddev":0.01}}',
    '{"class_name":"HeNormal","config":{}}',
  );
  const repaired = join(folder, 'he.json');
  writeFileSync(repaired, text);
  const wanted = (await predicted(repaired, 'he')).report.layers.at(-1);
  const { page, sent, faults } = await openView(browser, 'report', { set });
  const before = await whatIf(page);
  await page.getByRole('combobox', { name: 'initializer' }).selectOption('heNormal');
  const after = (await page.textContent('.answer')) ?? '';
  assert.notEqual(after, before);
  assert.ok(after.includes(`${formatNumber(wanted?.predicted.preActivation ?? NaN)} at ${wanted?.id ?? ''}`));
  await page.getByRole('button', { name: 'Apply…' }).click();
  const request = (await sent()).find(({ method }) => method === 'apply');
  const { changes, diff } = request?.['params'] as { changes: { layers: string[] }[]; diff: boolean };
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

test('moving the gain of 200 layers takes less than a frame', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { set } = await predicted(deepModel(200, 0.05), 'deep');
  const { page } = await openView(browser, 'report', { set });
  await whatIf(page);
  const times = await page.evaluate(() => {
    const slider = document.querySelector<HTMLInputElement>('input[type=range]');
    if (slider === null) throw new Error('no slider');
    return Array.from({ length: 40 }, (_, index) => {
      const start = performance.now();
      slider.value = String(-1 + index / 20);
      slider.dispatchEvent(new Event('input'));
      return performance.now() - start;
    });
  });
  const quickest = Math.min(...times);
  assert.ok(quickest < 16, `${quickest} ms at best, other work on the machine aside`);
  await page.close();
});
