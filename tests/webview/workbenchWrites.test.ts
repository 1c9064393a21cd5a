import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findBrowser } from '../../scripts/support/vscode.mjs';
import { openWorkbench, type Workbench } from '../host/support/workbench.ts';
import { scratchFolder } from '../support/folder.ts';
import { oraclePython } from '../support/oracles.ts';
import { deepModel, everywhere } from '../support/recorded.ts';
import { root } from '../support/root.ts';
import { LONG, savedAs, viewFrame } from './support/viewFrame.ts';
import { settles } from './support/waits.ts';

const corpus = process.env.INITSCOPE_CORPUS ?? join(root, '..', 'shared', 'corpus');
/** A real file with trained weights beside it. */
const TRAINED = join(corpus, 'tfjs-json', 'tensorflow-tfjs-examples__abalone-node_trainedModel_model');
const folder = scratchFolder();
const file = join(folder, 'net.json');
const config = join(folder, 'initscope.json');
const python = oraclePython('torch');
const PYTHON = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(32, 64)
        nn.init.zeros_(self.first.weight)
        self.second = nn.Linear(64, 10)

    def forward(self, x):
        return self.second(torch.relu(self.first(x)))


model = Net()
`;
let workbench: Workbench | undefined;

before(async () => {
  const model: unknown = JSON.parse(
    readFileSync(deepModel('net', 6, { units: 32, initializer: everywhere.normal(0.02) }), 'utf8'),
  );
  const text = `${JSON.stringify(model, undefined, 2)}\n`;
  writeFileSync(file, text);
  writeFileSync(join(folder, 'wrong.json'), text.replace('"units": 32', '"units": -32'));
  if (existsSync(TRAINED)) cpSync(TRAINED, join(folder, 'trained'), { recursive: true });
  if ((await findBrowser()) === null) return;
  writeFileSync(join(folder, 'net.py'), PYTHON);
  const settings = {
    ...{ 'files.autoSave': 'afterDelay', 'files.simpleDialog.enable': true },
    ...(python === null ? {} : { 'initscope.python.path': python }),
  };
  workbench = await openWorkbench({ folder, settings });
});
after(async () => workbench?.close());

test('What if writes activation, width and depth after its diff is confirmed, and one undo restores every byte', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const before = readFileSync(file);
  await workbench.openFile('net.json');
  await workbench.command('Initscope: Open Report');
  const shown = await viewFrame(workbench, 'report');
  await shown.getByRole('tab', { name: 'What if' }).click(LONG);
  await shown.getByRole('combobox', { name: 'activation' }).selectOption('tanh');
  await shown.getByRole('combobox', { name: 'width' }).selectOption('2');
  await shown.getByRole('combobox', { name: 'depth' }).selectOption('2');
  await shown.getByRole('button', { name: 'Apply…', disabled: false }).click(LONG);
  const { page } = workbench;
  const question = page.locator('.quick-input-widget', {
    hasText: 'Write the changes shown into net.json?',
  });
  await question.waitFor(LONG);
  await page.locator('.monaco-diff-editor .line-insert').first().waitFor(LONG);
  assert.deepEqual(readFileSync(file), before);
  await question.getByRole('option', { name: /^Apply/ }).click();
  await settles(() => {
    const { config } = JSON.parse(readFileSync(file, 'utf8')) as {
      config: { layers: { class_name: string; config: { units?: number; activation?: string } }[] };
    };
    const hidden = config.layers.filter(({ class_name }) => class_name === 'Dense').slice(0, -1);
    assert.ok(hidden.length > 5, `${hidden.length} hidden layers`);
    for (const layer of hidden) {
      assert.equal(layer.config.units, 64);
      assert.equal(layer.config.activation, 'tanh');
    }
  });
  await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
  await workbench.goTo(1);
  await page.keyboard.press('Control+z');
  await settles(() => assert.deepEqual(readFileSync(file), before));
});

test('the report and its parts are saved as HTML, JSON, Markdown, CSV and PNG', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const bench = workbench;
  const shown = await viewFrame(bench, 'report');
  const save = async (button: string, path: string) => {
    await shown.getByRole('button', { name: button, exact: true }).first().click(LONG);
    return savedAs(bench, join(folder, path));
  };
  await shown.getByRole('tab', { name: 'Profile' }).click(LONG);
  assert.match((await save('HTML', 'net.initscope.html')).toString(), /^<!doctype html>[^]*initscope-data/);
  const json = JSON.parse((await save('JSON', 'net.initscope.json')).toString()) as { reports: unknown[] };
  assert.equal(json.reports.length, 1);
  assert.match((await save('Markdown', 'net.initscope.md')).toString(), /dense_0/);
  const png = await save('Save picture', 'deep_sigmoid.profile.png');
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  await shown.getByRole('tab', { name: 'All layers' }).click();
  assert.match((await save('Save as CSV', 'deep_sigmoid.layers.csv')).toString(), /^layer,[^]*\r\ndense_0,/);
});

test('Why opens the page of the rule; Ignore writes its reason into initscope.json and the finding goes', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const { page } = workbench;
  await workbench.command('View: Close All Editors');
  await page.locator('.editor-group-container > .title .tab').waitFor({ state: 'detached' });
  await workbench.openFile('net.json');
  await workbench.command('View: Show Initscope');
  const side = await viewFrame(workbench, 'side');
  const card = side.locator('.finding').first();
  const rule = (await card.getAttribute('aria-label', LONG))?.split(': ')[1] ?? '';
  await card.getByRole('button', { name: 'Why?' }).click();
  await page.locator('.tab.active', { hasText: `Preview ${rule}` }).waitFor(LONG);
  await workbench.openFile('net.json');
  await card.getByRole('button', { name: 'Ignore…' }).click();
  await page.locator('.quick-input-widget', { hasText: `Silence ${rule}` }).waitFor(LONG);
  await page.locator('.quick-input-widget input').first().fill('meant to be so');
  await page.keyboard.press('Enter');
  await settles(() => {
    const { ignore } = JSON.parse(readFileSync(config, 'utf8')) as {
      ignore: { rule: string; reason: string }[];
    };
    assert.equal(ignore[0]?.rule, rule);
    assert.equal(ignore[0].reason, 'meant to be so');
  });
  await side.locator(`.finding[aria-label$=": ${rule}"]`).waitFor({ state: 'detached', ...LONG });
  rmSync(config);
});

test('a real file with trained weights: the report measures them beside a fresh draw', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  if (!existsSync(TRAINED) && process.env.CI !== 'true') return t.skip(`no corpus at ${corpus}`);
  await workbench.command('View: Close All Editors');
  await workbench.openFile('trained/model.json');
  await workbench.command('Initscope: Open Report');
  const shown = await viewFrame(workbench, 'report');
  await shown.getByRole('tab', { name: 'Starting points' }).click(LONG);
  await shown.getByRole('button', { name: 'Measure the saved weights' }).click();
  const saved = shown.locator('.card', { hasText: 'As saved in the file' });
  await saved
    .getByText(/loss \d/)
    .first()
    .waitFor(LONG);
  await shown
    .locator('.card', { hasText: 'Drawn anew' })
    .getByText(/loss \d/)
    .first()
    .waitFor();
});

test('a file that cannot be run: both views say what was found and expected, and measure again when asked', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  await workbench.command('View: Close All Editors');
  await workbench.openFile('wrong.json');
  const side = await viewFrame(workbench, 'side');
  await side.getByText(/Found: -32\.\s+Expected: a positive integer/).waitFor(LONG);
  await workbench.command('Initscope: Open Report');
  const shown = await viewFrame(workbench, 'report');
  await shown.getByText(/Found: -32\.\s+Expected: a positive integer/).waitFor(LONG);
  await shown.getByRole('button', { name: 'Measure again' }).click();
  await shown.getByText(/Found: -32\./).waitFor(LONG);
});

test('a Python file: the views show its layers, a chosen one reveals its line, and the report is saved', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  if (python === null) return t.skip('npm run oracles');
  const bench = workbench;
  const { page } = bench;
  await bench.command('View: Close All Editors');
  await bench.openFile('net.py');
  await bench.command('Initscope: Inspect Model');
  await page.locator('.squiggly-error, .squiggly-warning').first().waitFor(LONG);
  await bench.command('View: Show Initscope');
  const side = await viewFrame(bench, 'side');
  await side.getByRole('option', { name: /^second/ }).click(LONG);
  await side.locator('.detail-box .histogram').first().waitFor(LONG);
  const at = PYTHON.split('\n').findIndex((line) => line.includes('self.second = '));
  await page.locator('[id="status.editor.selection"]', { hasText: `Ln ${at + 1},` }).waitFor(LONG);
  await bench.command('Initscope: Open Report');
  const shown = await viewFrame(bench, 'report');
  await shown.locator('#root[data-uri$="net.py"]').waitFor({ state: 'attached', ...LONG });
  await shown.getByRole('tab', { name: 'All layers' }).click(LONG);
  for (const layer of ['first', 'second'])
    await shown.getByText(layer, { exact: true }).first().waitFor(LONG);
  await shown.getByRole('button', { name: 'JSON', exact: true }).first().click();
  const saved = await savedAs(bench, join(folder, 'net.initscope.json'));
  const { reports } = JSON.parse(saved.toString()) as {
    reports: { engine?: { name: string }; findings: { rule: string; layer: string }[] }[];
  };
  assert.ok(reports[0]?.findings.some(({ layer }) => layer === 'first'));
});
