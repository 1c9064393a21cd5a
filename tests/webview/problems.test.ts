import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { findBrowser } from '../../scripts/support/vscode.mjs';
import { openWorkbench, type Workbench } from '../host/support/workbench.ts';
import { scratchFolder } from '../support/folder.ts';
import { deepModel, everywhere } from '../support/recorded.ts';
import { inRepo } from '../support/root.ts';
import { LONG } from './support/viewFrame.ts';
import { settles } from './support/waits.ts';

const folder = scratchFolder();
const CAUSE = '"class_name": "Zeros"';
let workbench: Workbench | undefined;

before(async () => {
  cpSync(inRepo('examples', 'zero-mlp.json'), join(folder, 'net.json'));
  cpSync(
    deepModel('slow', 40, { units: 1024, initializer: everywhere.normal(0.02) }),
    join(folder, 'slow.json'),
  );
  writeFileSync(join(folder, 'notes.md'), '# Notes\n');
  if ((await findBrowser()) !== null) workbench = await openWorkbench({ folder });
});
after(async () => workbench?.close());

/** The texts of the lines on which a decoration of the active editor is drawn. */
function linesUnder(bench: Workbench, decoration: string): Promise<string[]> {
  return bench.page.evaluate((selector) => {
    const editor = document.querySelector('.editor-instance .monaco-editor');
    const at = (element: Element): string => (element as HTMLElement).style.top;
    const lines = [...(editor?.querySelectorAll('.view-line') ?? [])];
    return [...(editor?.querySelectorAll(selector) ?? [])].map((drawn) => {
      const row = drawn.closest('.view-overlays > div');
      return lines.find((line) => row !== null && at(line) === at(row))?.textContent ?? '';
    });
  }, decoration);
}

/** Opens the box of the language status over the status bar. */
async function languageStatus({ page }: Workbench): Promise<Locator> {
  await page.locator('[id="status.languageStatus"]').hover();
  const entry = page.locator('.hover-language-status', { hasText: 'Initscope' });
  await entry.waitFor(LONG);
  return entry;
}

/** The entries that a right click on a file of the explorer offers. */
async function explorerMenu({ page }: Workbench, name: string): Promise<Locator> {
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).click({ button: 'right' });
  const menu = page.locator('.monaco-menu');
  await menu.getByText('Copy Path', { exact: true }).waitFor();
  return menu;
}

test('the causing line is underlined, and its box, lightbulb and the lens of its model are drawn', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const { page } = workbench;
  const bench = workbench;
  await workbench.openFile('net.json');
  await page.locator('.codelens-decoration', { hasText: /error/ }).first().waitFor(LONG);
  const at = readFileSync(join(folder, 'net.json'), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(CAUSE));
  await workbench.goTo(at + 1);
  const squiggle = page.locator('.squiggly-error').first();
  await squiggle.waitFor(LONG);
  await settles(async () => {
    const lines = (await linesUnder(bench, '.squiggly-error')).map((line) => line.replaceAll('\u00a0', ' '));
    assert.ok(lines.length > 0 && lines.every((line) => line.includes(CAUSE)), lines.join('\n'));
  });
  await squiggle.hover({ force: true });
  await page.locator('.monaco-hover:not(.hidden)', { hasText: 'symmetric-units' }).first().waitFor(LONG);
  await page.keyboard.press('Escape');
  await squiggle.click({ force: true });
  await page.locator('.lightBulbWidget').waitFor(LONG);
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget', { hasText: 'Repair' }).waitFor(LONG);
  await page.keyboard.press('Escape');
});

test('the language status tells the verdict, and its link opens the report', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const entry = await languageStatus(workbench);
  await entry.getByText(/Initscope: \d+ errors?/).waitFor(LONG);
  await entry.getByText('Open report').click();
  await workbench.page.locator('.tab', { hasText: 'Initscope: net.json' }).waitFor(LONG);
  await workbench.command('View: Close All Editors');
});

test('Inspect Model shows what it measures, and is stopped from the language status', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const { page } = workbench;
  await workbench.openFile('slow.json');
  await workbench.command('Initscope: Inspect Model');
  const progress = page.locator('.statusbar-item', { hasText: 'measuring slow.json' });
  await progress.waitFor(LONG);
  const entry = await languageStatus(workbench);
  await entry.getByText(/measuring \d+ s/).waitFor(LONG);
  // Its entry is drawn anew with every second, so that it never stands still for a click.
  await entry.getByText('Stop').dispatchEvent('click');
  await progress.waitFor({ state: 'hidden', ...LONG });
  await page.keyboard.press('Escape');
});

test('explorer and editor title offer a model what they do not offer another file', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const { page } = workbench;
  const title = page.locator('.editor-actions').getByRole('button', { name: 'Open Report' }).first();
  await workbench.openFile('net.json');
  await title.waitFor(LONG);
  await (await explorerMenu(workbench, 'net.json')).getByText('Inspect Model').waitFor();
  await page.keyboard.press('Escape');
  await workbench.openFile('notes.md');
  await title.waitFor({ state: 'hidden', ...LONG });
  const menu = await explorerMenu(workbench, 'notes.md');
  assert.equal(await menu.getByText('Inspect Model').count(), 0);
  await page.keyboard.press('Escape');
});

test('Show Output shows our log', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  await workbench.command('Initscope: Show Output');
  const shown = workbench.page.locator('.panel select.monaco-select-box');
  // The served VS Code has no writer of log files, so the page of any log stays empty in it.
  await settles(async () => assert.match(await shown.first().inputValue(LONG), /Initscope/));
});

test('the code of a finding in Problems opens the page of its rule, which the extension ships', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const { page } = workbench;
  await workbench.openFile('net.json');
  await workbench.command('Problems: Focus on Problems View');
  const code = page.locator('.markers-panel a', { hasText: 'symmetric-units' }).first();
  await code.click(LONG);
  await page.locator('.tab.active', { hasText: 'symmetric-units.md' }).waitFor(LONG);
  const title =
    /^# (.*)$/m.exec(readFileSync(inRepo('docs', 'rules', 'symmetric-units.md'), 'utf8'))?.[1] ?? '';
  await workbench.webview().getByRole('heading', { name: title }).first().waitFor(LONG);
});

test('nothing of this was announced by a notification', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const ours = workbench.page.locator('.notifications-toasts .notification-list-item', {
    hasText: 'Initscope',
  });
  assert.equal(await ours.count(), 0);
});
