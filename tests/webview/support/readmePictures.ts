import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { encodeWire, type PageData } from '../../../src/protocol/wireReports.ts';
import { openBrowser } from '../../support/browser.ts';
import { cli } from '../../support/cli.ts';
import { scratchFolder } from '../../support/folder.ts';
import { deepModel, everywhere, recordedPage } from '../../support/recorded.ts';
import { inRepo } from '../../support/root.ts';
import { openView, type Answers } from './viewPage.ts';

/**
 * The README's pictures of the report, from what the command line measures now: `node scripts/bundled.mjs
 * tests/webview/support/readmePictures.ts [NAME…] [--compare=JSON] [--probe=JSON]`; all without a NAME, studies made anew without their JSON.
 * The side view's picture is taken in VS Code by tests/host/support/viewPictures.ts.
 */
const WIDTH = 1100;
const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('--'));
const wanted = (name: string) => names.length === 0 || names.includes(name);

/** JSON has no NaN: the CLI writes non-finite numbers as words. */
const numbers = (_key: string, value: unknown): unknown =>
  value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value;

async function study(name: 'compare' | 'probe', file: string): Promise<string> {
  const { out } = await cli([name, file, '--json', '--quiet']);
  return encodeWire(JSON.parse(out, numbers));
}

interface Picture {
  readonly height?: number;
  readonly answers?: Answers;
  readonly act?: (page: Page) => Promise<void>;
}

async function take(name: string, data: PageData, { height = 620, answers, act }: Picture = {}) {
  const browser = await openBrowser();
  if (browser === null) return;
  const { page } = await openView(browser, 'report', {
    set: data.reports,
    width: WIDTH,
    height,
    answers: answers ?? (() => undefined),
  });
  await act?.(page);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(500);
  await page.screenshot({ path: inRepo('media', 'readme', `${name}.png`) });
  await browser.close();
}

const deepSigmoid = inRepo('examples', 'deep-sigmoid.json');
const sigmoid = await recordedPage(deepSigmoid);
if (wanted('report')) await take('report', sigmoid.data);
if (wanted('what-if'))
  await take('what-if', sigmoid.data, {
    act: async (page) => {
      await page.getByRole('tab', { name: 'What if' }).click();
      await page.getByRole('combobox', { name: 'activation' }).selectOption('tanh');
      await page.getByRole('combobox', { name: 'initializer' }).selectOption('glorotUniform');
    },
  });
if (wanted('repaired')) {
  // What Apply of What if writes: tests/webview/workbenchWrites.test.ts has it in the editor.
  const file = join(scratchFolder(), 'deep-sigmoid.json');
  writeFileSync(file, readFileSync(deepSigmoid, 'utf8').replaceAll('"sigmoid"', '"tanh"'));
  await take('repaired', (await recordedPage(file)).data, { height: 670 });
}
if (wanted('advice')) {
  const file = deepModel('deep-relu', 12, { units: 64, initializer: everywhere.normal(0.05) });
  await take('advice', (await recordedPage(file)).data, { height: 650 });
}

const mlp = inRepo('examples', 'n01-mlp', 'model.json');
const { data } = await recordedPage(mlp);
for (const [name, kind] of [
  ['compare', 'comparison'],
  ['probe', 'probe'],
] as const) {
  if (!wanted(name)) continue;
  const recorded = words.find((word) => word.startsWith(`--${name}=`))?.split('=')[1];
  const text =
    recorded === undefined
      ? await study(name, mlp)
      : encodeWire(JSON.parse(readFileSync(recorded, 'utf8'), numbers));
  const answers: Answers = (method, params) =>
    method === 'studyResult' ? (params['study'] === kind ? { text, stale: false } : null) : undefined;
  await take(name, data, {
    answers,
    act: async (page) => {
      await page.getByRole('tab', { name: name === 'compare' ? 'Compare' : 'Probe' }).click();
      await page.locator('.ranked').waitFor();
      await page.locator('.study-result').evaluate((element) => element.scrollIntoView());
    },
  });
}
