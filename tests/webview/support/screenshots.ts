import { mkdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Browser } from 'playwright-core';
import { decodeWire, encodeWire, type PageData } from '../../../src/protocol/wireReports.ts';
import { openBrowser } from '../../support/browser.ts';
import { inRepo } from '../../support/root.ts';
import { openView } from './viewPage.ts';
import { THEMES } from './themes.ts';

/**
 * Pictures of the side view and of every section of the report, in every theme.
 * `node scripts/bundled.mjs tests/webview/support/screenshots.ts PAGE.html [COMPARISON.json [PROBE.json [SCAN.json]]]` — PAGE is written by
 * `inspect --html`, the others by `compare --json` `probe --json` and `scan --json`; INITSCOPE_THEMES and INITSCOPE_SECTIONS choose.
 */
const [page = '', comparison, probe, scan] = process.argv.slice(2);
const chosen = (name: string, all: readonly string[]) => process.env[name]?.split(',') ?? all;

/** JSON has no NaN: the CLI writes non-finite numbers as words. */
function study(path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  const numbers = (_key: string, value: unknown) =>
    value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value;
  return encodeWire(JSON.parse(readFileSync(path, 'utf8'), numbers));
}

async function take(browser: Browser, theme: string): Promise<void> {
  const data = /id="initscope-data">(.*?)<\/script>/s.exec(readFileSync(page, 'utf8'))?.[1] ?? '';
  const { reports } = decodeWire(data) as PageData;
  const studies: Record<string, string | undefined> = {
    ...{ comparison: study(comparison), probe: study(probe), scan: study(scan) },
  };
  const answers = (method: string, params: Readonly<Record<string, unknown>>) => {
    if (method !== 'studyResult') return undefined;
    const text = studies[String(params['study'])];
    return text === undefined ? null : { text, stale: false };
  };
  const name = basename(page, '.html');
  const shot = (part: string) => inRepo('.cache', 'screenshots', `${name}-${part}-${theme}.png`);
  const side = await openView(browser, 'side', { theme, set: reports, answers, height: 1100 });
  await side.page.locator('.layer').first().click();
  await side.page.waitForTimeout(300);
  await side.page.screenshot({ path: shot('side') });
  await side.page.close();
  const { page: shown, faults } = await openView(browser, 'report', {
    theme,
    set: reports,
    answers,
    height: 1000,
  });
  const tabs = await shown.getByRole('tab').allTextContents();
  for (const title of tabs) {
    const section = title.replace(/ \(.*/, '').replaceAll(' ', '-').toLowerCase();
    if (!chosen('INITSCOPE_SECTIONS', [section]).includes(section)) continue;
    await shown.getByRole('tab', { name: title }).click();
    await shown.waitForTimeout(700);
    await shown.screenshot({ path: shot(section), fullPage: process.env.INITSCOPE_FULL === '1' });
  }
  if (faults.length > 0) console.log(name, theme, faults);
  await shown.close();
}

const browser = await openBrowser();
if (browser !== null) {
  mkdirSync(inRepo('.cache', 'screenshots'), { recursive: true });
  for (const theme of chosen('INITSCOPE_THEMES', Object.keys(THEMES))) await take(browser, theme);
  await browser.close();
}
