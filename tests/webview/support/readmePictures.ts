import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { encodeWire, type PageData } from '../../../src/protocol/wireReports.ts';
import { openBrowser } from '../../support/browser.ts';
import { cli } from '../../support/cli.ts';
import { recordedPage } from '../../support/recorded.ts';
import { inRepo } from '../../support/root.ts';
import { openView, type Answers } from './viewPage.ts';

/**
 * The README's pictures of the report, from what the command line measures now: `node scripts/bundled.mjs
 * tests/webview/support/readmePictures.ts`. The side view's picture is taken in VS Code by tests/host/support/viewPictures.ts.
 */
const SIZE = { width: 1100, height: 620 };

/** JSON has no NaN: the CLI writes non-finite numbers as words. */
const numbers = (_key: string, value: unknown): unknown =>
  value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value;

async function study(name: 'compare' | 'probe', file: string): Promise<string> {
  const { out } = await cli([name, file, '--json', '--quiet']);
  return encodeWire(JSON.parse(out, numbers));
}

async function take(name: string, data: PageData, answers: Answers, act: (page: Page) => Promise<void>) {
  const browser = await openBrowser();
  if (browser === null) return;
  const { page } = await openView(browser, 'report', { set: data.reports, answers, ...SIZE });
  await act(page);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(500);
  await page.screenshot({ path: inRepo('media', 'readme', `${name}.png`) });
  await browser.close();
}

const none: Answers = () => undefined;
const sigmoid = await recordedPage(inRepo('examples', 'deep-sigmoid.json'));
await take('report', sigmoid.data, none, async () => {});
await take('what-if', sigmoid.data, none, async (page) => {
  await page.getByRole('tab', { name: 'What if' }).click();
  await page.getByRole('combobox', { name: 'activation' }).selectOption('tanh');
  await page.getByRole('combobox', { name: 'initializer' }).selectOption('glorotUniform');
});

const mlp = inRepo('examples', 'n01-mlp', 'model.json');
const { data } = await recordedPage(mlp);
for (const [name, kind] of [
  ['compare', 'comparison'],
  ['probe', 'probe'],
] as const) {
  const recorded = process.argv.find((word) => word.startsWith(`--${name}=`))?.split('=')[1];
  const text =
    recorded === undefined
      ? await study(name, mlp)
      : encodeWire(JSON.parse(readFileSync(recorded, 'utf8'), numbers));
  const answers: Answers = (method, params) =>
    method === 'studyResult' ? (params['study'] === kind ? { text, stale: false } : null) : undefined;
  await take(name, data, answers, async (page) => {
    await page.getByRole('tab', { name: name === 'compare' ? 'Compare' : 'Probe' }).click();
    await page.locator('.ranked').waitFor();
    await page.locator('.study-result').evaluate((element) => element.scrollIntoView());
  });
}
