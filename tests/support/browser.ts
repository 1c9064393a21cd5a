import type { Browser } from 'playwright-core';
import { findBrowser, launchBrowser } from '../../scripts/support/vscode.mjs';

/** The machine's browser, or null, on which a test skips itself; with CI=true a missing one is an error. */
export async function openBrowser(): Promise<Browser | null> {
  const path = await findBrowser();
  if (path !== null) return launchBrowser(path);
  if (process.env.CI === 'true') throw new Error('No Chromium or Chrome: set INITSCOPE_BROWSER to one.');
  return null;
}
