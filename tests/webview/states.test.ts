import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ReportSet } from '../../src/model/report.ts';
import { WEBVIEW_PROTOCOL, type ToWebview, type ViewState } from '../../src/protocol/webview.ts';
import { openBrowser } from '../support/browser.ts';
import { scratchFolder } from '../support/folder.ts';
import { recordedPage } from '../support/recorded.ts';
import { madeReport, madeSet } from '../support/reports.ts';
import { inRepo } from '../support/root.ts';
import { cellsOf } from './support/cells.ts';
import { openView } from './support/viewPage.ts';
import { asked, eachSection, openSection, settles } from './support/waits.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

const plain = (state: ViewState): ToWebview => ({
  type: 'state',
  version: WEBVIEW_PROTOCOL,
  canAct: true,
  state,
  results: null,
});
const bodyOf = async (page: Page) => (await page.textContent('body')) ?? '';

/** A functional Keras file: one trunk, a Dense called twice, a nested model, and so many heads. */
function manyHeads(heads: number): string {
  const call = (from: string, index = 0) => [[from, index, 0, {}]];
  const dense = (name: string, units: number, activation: string, ...inbound: unknown[]) => ({
    class_name: 'Dense',
    name,
    config: { name, units, activation, use_bias: true },
    inbound_nodes: inbound,
  });
  const input = (name: string, size: number) => ({
    class_name: 'InputLayer',
    name,
    config: { name, batch_input_shape: [null, size], dtype: 'float32' },
    inbound_nodes: [],
  });
  const nested = {
    class_name: 'Functional',
    name: 'block',
    config: {
      name: 'block',
      layers: [input('inner', 16), dense('inside', 16, 'relu', call('inner'))],
      input_layers: [['inner', 0, 0]],
      output_layers: [['inside', 0, 0]],
    },
    inbound_nodes: [call('shared')],
  };
  const names = Array.from({ length: heads }, (_, index) => `head_${index}`);
  const layers = [
    input('in', 16),
    dense('shared', 16, 'relu', call('in'), call('block')),
    nested,
    ...names.map((name) => dense(name, 2, 'softmax', call('shared', 1))),
  ];
  const file = join(scratchFolder(), 'heads.json');
  const config = {
    name: 'heads',
    layers,
    input_layers: [['in', 0, 0]],
    output_layers: names.map((name) => [name, 0, 0]),
  };
  writeFileSync(file, JSON.stringify({ class_name: 'Functional', keras_version: '2.11.0', config }));
  return file;
}

test('a file that cannot be read says why and what to do, in both views', async (t) => {
  if (browser === null) return t.skip('no browser');
  for (const view of ['side', 'report'] as const) {
    const { page, post, faults } = await openView(browser, view);
    await page.getByText('Waiting for Initscope’s server…').waitFor();
    const reason = 'net.json, line 3: <b>units</b> is missing.';
    await post(plain({ kind: 'failed', file: 'net.json', reason, hint: 'Give the layer its units.' }));
    await page.getByText('Give the layer its units.').waitFor();
    await page.getByText(reason).waitFor();
    assert.equal(await page.locator('.waiting').count(), 0);
    assert.equal(await page.locator('b').count(), 0);
    assert.equal(await page.getByRole('tab').count(), 0);
    await post(plain({ kind: 'empty' }));
    await page.getByText(/^(Open a model: Keras JSON|No model is open)/).waitFor();
    assert.ok(!(await bodyOf(page)).includes(reason));
    assert.deepEqual(faults, []);
    await page.close();
  }
});

test('a side view without a file offers what is open, an example and the walkthrough', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { page, post, sent, faults } = await openView(browser, 'side', {
    answers: (method) => (method === 'begin' ? null : undefined),
  });
  await post(plain({ kind: 'empty', open: { file: 'net.ts', folder: true } }));
  for (const [name, step] of [
    ['Inspect net.ts', 'file'],
    ['Inspect Workspace', 'workspace'],
    ['Show me how', 'walkthrough'],
    ['Open Example', 'example'],
  ] as const) {
    await page.getByRole('button', { name, exact: true }).click();
    await settles(async () => assert.deepEqual(await asked({ sent }, 'begin'), { step }));
  }
  await post(plain({ kind: 'empty', open: { folder: false } }));
  await page
    .getByRole('button', { name: /^Inspect/ })
    .first()
    .waitFor({ state: 'detached' });
  assert.deepEqual(await page.getByRole('button').allTextContents(), ['Open Example', 'Show me how']);
  await post({ ...plain({ kind: 'empty' }), canAct: false } as ToWebview);
  await page.getByRole('button').first().waitFor({ state: 'detached' });
  assert.deepEqual(faults, []);
  await page.close();
});

test('a set without models, and a model without layers that say something, are told in words', async (t) => {
  if (browser === null) return t.skip('no browser');
  for (const view of ['side', 'report'] as const) {
    const none: ReportSet = { ...madeSet(madeReport(2, 1)), reports: [] };
    const { page, faults } = await openView(browser, view, { set: none });
    await page.getByText('This file holds no model.').waitFor();
    assert.deepEqual(faults, []);
    await page.close();
    const empty = { ...madeReport(2, 1), layers: [], edges: [], findings: [] };
    const bare = await openView(browser, view, { set: madeSet(empty) });
    await bare.page.getByText(empty.verdict).first().waitFor();
    if (view === 'report') await eachSection(bare.page, () => Promise.resolve());
    assert.deepEqual(bare.faults, []);
    await bare.page.close();
  }
});

test('a measurement in its course is told, followed, and cancelled from both views', async (t) => {
  if (browser === null) return t.skip('no browser');
  for (const view of ['side', 'report'] as const) {
    const { page, post, sent } = await openView(browser, view);
    const step = { kind: 'measuring', file: 'net.json', total: 5, elapsedMs: 1200 } as const;
    await post(plain({ ...step, detail: 'seed 2 of 5', done: 1 }));
    await page.getByText('Seed 2 of 5 · 1.2 s').waitFor();
    await page.locator('progress[value="1"]').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await asked({ sent }, 'cancel');
    await page.close();
  }
});

test('60 outputs, a shared layer and a nested model: every section shows them, the graph draws every layer', async (t) => {
  const { data } = await recordedPage(manyHeads(60), '--seeds', '2', '--batch', '8');
  const [report] = data.reports.reports;
  assert.ok(report, JSON.stringify(data.reports.errors));
  assert.equal(report.layers.filter(({ roles }) => roles.includes('head')).length, 60);
  if (browser === null) return t.skip('no browser');
  const { page, faults } = await openView(browser, 'report', { set: data.reports });
  await eachSection(page, () => Promise.resolve());
  await openSection(page, 'Graph');
  await page.locator('.box').first().waitFor();
  assert.equal(await page.locator('.box').count(), report.layers.length);
  await page.getByText('As a table').click();
  await page.locator('.as-table tbody tr').first().waitFor();
  const rows = await cellsOf(page.locator('.as-table tbody tr'));
  const takes = (layer: string) => rows.find(([id]) => id === layer)?.[2];
  assert.equal(takes('head_59'), 'shared');
  assert.ok(takes('shared')?.includes('block/inside'), takes('shared'));
  assert.deepEqual(faults, []);
  await page.close();
});

test('the models of one file are chosen in both views, and each shows its own numbers', async (t) => {
  const { data } = await recordedPage(inRepo('examples/healthy-cnn.json'), '--seeds', '2', '--batch', '8');
  const [first] = data.reports.reports;
  assert.ok(first);
  if (browser === null) return t.skip('no browser');
  const second = { ...madeReport(5, 2e-5), modelId: 'second', model: 'second net' };
  const set: ReportSet = { ...data.reports, reports: [first, second] };
  for (const view of ['side', 'report'] as const) {
    const { page, faults } = await openView(browser, view, { set });
    await page.getByText(first.verdict).first().waitFor();
    await page.getByRole('combobox', { name: 'model' }).selectOption('second');
    await page.getByText(second.verdict).first().waitFor();
    await page.getByText('dense_4').first().waitFor();
    await settles(async () => assert.ok(!(await bodyOf(page)).includes(first.verdict)));
    assert.deepEqual(faults, []);
    await page.close();
  }
});

test('Why, Ignore, Export and Copy ask the host for just that; what it refuses is shown', async (t) => {
  if (browser === null) return t.skip('no browser');
  const report = madeReport(4, 2e-5);
  const { page, sent, faults } = await openView(browser, 'side', {
    set: madeSet(report),
    answers: (method) => {
      if (method === 'ignore') throw new Error('initscope.json cannot be written.');
      return undefined;
    },
  });
  const last = (method: string) => asked({ sent }, method);
  await page.getByRole('button', { name: 'Why?' }).click();
  const [finding] = report.findings;
  assert.deepEqual(await last('why'), { rule: finding?.rule });
  await page.getByRole('button', { name: 'Ignore…' }).click();
  assert.deepEqual(await last('ignore'), { rule: finding?.rule, layer: finding?.layer });
  await page.getByText('initscope.json cannot be written.').waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  assert.deepEqual(await last('export'), { model: report.modelId, format: 'html' });
  await page.getByText('Copy the fix').click();
  await page
    .getByRole('button', { name: /^Copy for/ })
    .first()
    .click();
  const { text } = (await last('copy')) as { text: string };
  assert.ok(Object.values(finding?.advice[0]?.snippet ?? {}).includes(text));
  await page.getByRole('button', { name: 'Compare' }).click();
  assert.deepEqual(await last('openReport'), { model: report.modelId, section: 'compare' });
  assert.deepEqual(faults, []);
  await page.close();
});

test('the side view begins with the metric of the gravest finding, and keeps the one that was chosen', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { data } = await recordedPage(inRepo('examples/deep-sigmoid.json'), '--seeds', '5', '--batch', '16');
  const { page } = await openView(browser, 'side', { set: data.reports });
  const checked = (of: Page, metric: string) =>
    of.locator('[role=radio][aria-checked=true]', { hasText: metric }).waitFor();
  await checked(page, 'Gradient');
  await page.close();
  const chosen = await openView(browser, 'side', { set: data.reports, state: { metric: 'zeros' } });
  await checked(chosen.page, 'Zeros');
  await chosen.page.close();
});
