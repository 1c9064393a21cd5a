import { clearInterval, setInterval } from 'node:timers';
import { rmSync } from 'node:fs';
import { bundleHostSuite, scratchWorkspace } from './support/hostSuite.mjs';
import { totalsMark } from './support/reporter.mjs';
import { main, ready } from './support/run.mjs';
import { findBrowser, launchBrowser, serveVSCode } from './support/vscode.mjs';

/** Must equal `testMark` of tests/host/index.ts. */
const testMark = 'INITSCOPE_TEST ';
/** More than any one test may take: a suite is given up when nothing happens, not when the machine is slow. */
const stallLimit = 15 * 60_000;

/** Runs the suite once in a window of the served VS Code; resolves to its totals. The restricted one has two folders. */
async function runIn(browser, suite, trusted) {
  const { scratch, open } = scratchWorkspace(trusted ? 1 : 2);
  const server = await serveVSCode({ trusted, env: { INITSCOPE_TRUSTED: String(trusted) } });
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  let totals;
  let last = 'before its first test';
  let lastAt = Date.now();
  let watch;
  try {
    const exit = new Promise((resolve) => void page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      const line = args.map(String).join(' ');
      lastAt = Date.now();
      if (line.startsWith(testMark)) last = `in "${line.slice(testMark.length)}"`;
      else if (line.startsWith(totalsMark)) totals = JSON.parse(line.slice(totalsMark.length));
      else if (line.startsWith('| ')) console.log(line.slice(2));
    });
    const stalled = new Promise((_, reject) => {
      const look = () => {
        if (Date.now() - lastAt > stallLimit)
          reject(new Error(`The suite stood still for ${stallLimit / 60_000} minutes, ${last}.`));
      };
      watch = setInterval(look, 10_000);
    });
    console.log(`in a ${trusted ? 'trusted' : 'restricted'} workspace`);
    await page.goto(server.url(open, { extensionTestsPath: suite }), { timeout: stallLimit });
    const code = await Promise.race([exit, stalled]);
    totals ??= { passed: 0, failed: 1, skipped: 0 };
    return code === 0 || totals.failed > 0 ? totals : { ...totals, failed: 1 };
  } finally {
    clearInterval(watch);
    await page.close();
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

main(async () => {
  await ready();
  const browserPath = await findBrowser();
  if (browserPath === null) {
    if (process.env.CI === 'true') throw new Error('No Chromium or Chrome: set INITSCOPE_BROWSER to one.');
    console.log('skipped: no Chromium or Chrome here (INITSCOPE_BROWSER names one)');
    console.log(`${totalsMark}${JSON.stringify({ passed: 0, failed: 0, skipped: 1 })}`);
    return 0;
  }
  const suite = await bundleHostSuite();
  const browser = await launchBrowser(browserPath);
  const totals = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const trusted of [true, false]) {
      const part = await runIn(browser, suite, trusted);
      for (const key of Object.keys(totals)) totals[key] += part[key];
    }
  } finally {
    await browser.close();
  }
  console.log(`${totalsMark}${JSON.stringify(totals)}`);
  return totals.failed > 0 ? 1 : 0;
});
