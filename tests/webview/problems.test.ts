import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findBrowser } from '../../scripts/support/vscode.mjs';
import { openWorkbench, type Workbench } from '../host/support/workbench.ts';
import { inRepo } from '../support/root.ts';

const LONG = { timeout: 90_000 };
const folder = mkdtempSync(join(tmpdir(), 'initscope-problems-'));
let workbench: Workbench | undefined;

before(async () => {
  copyFileSync(inRepo('examples', 'zero-mlp.json'), join(folder, 'net.json'));
  if ((await findBrowser()) !== null) workbench = await openWorkbench({ folder });
});
after(async () => workbench?.close());

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
