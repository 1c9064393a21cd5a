import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { cli } from '../support/cli.ts';
import { scratchFolder } from '../support/folder.ts';
import { inRepo } from '../support/root.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

const folder = scratchFolder();
const model = inRepo('examples/deep-sigmoid.json');

test('inspect --html writes a page that shows the numbers of --json, offline', async (t) => {
  const html = join(folder, 'report.html');
  const run = await cli(['inspect', model, '--json', '--html', html, '--seeds', '2', '--batch', '8']);
  assert.equal(run.err, '');
  const { reports } = JSON.parse(run.out) as {
    reports: { verdict: string; layers: { id: string }[]; spec?: unknown }[];
  };
  const report = reports[0];
  assert.ok(report !== undefined && !('spec' in report));
  assert.ok(existsSync(html));
  if (browser === null) return t.skip('no browser');
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(pathToFileURL(html).href);
  await page.locator('h1', { hasText: report.verdict }).waitFor();
  await page.getByRole('tab', { name: 'Distributions' }).click();
  await page.locator('svg.histogram').first().waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test('inspect --html has the exit codes of inspect', async () => {
  const page = join(folder, 'exit.html');
  const quick = ['--quiet'];
  assert.equal((await cli(['inspect', model, '--html', page, ...quick])).code, 1);
  assert.equal((await cli(['inspect', model, '--html', page, ...quick, '--fail-on', 'never'])).code, 0);
  const missing = await cli(['inspect', model, '--html', join(folder, 'no', 'such', 'x.html'), ...quick]);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /^initscope: --html .* cannot be written/);
  const none = await cli(['inspect', inRepo('tsconfig.json'), '--html', join(folder, 'none.html')]);
  assert.equal(none.code, 2);
  assert.ok(!existsSync(join(folder, 'none.html')));
  assert.equal((await cli(['inspect', model, '--html', page, '--list-models'])).code, 2);
});
