import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser, launchBrowser, serveVSCode } from '../../scripts/support/vscode.mjs';
import { median } from './paired.ts';

/** Milliseconds of `activate` itself, and of loading the bundle too, over fresh extension hosts. */
export interface ActivationRow {
  readonly starts: number;
  readonly activateMs: number;
  readonly withLoadingMs: number;
}

/** What each host runs: it activates the extension and prints how long that took. */
const PROGRAM = `
const vscode = require('vscode');
exports.run = async () => {
  const extension = vscode.extensions.getExtension('initscope.initscope');
  if (extension.isActive) throw new Error('it was active before');
  const started = performance.now();
  const { activationMs } = await extension.activate();
  console.log('ACTIVATION ' + JSON.stringify([activationMs, performance.now() - started]));
};`;

/** Starts the browser-served VS Code's extension host so many times; undefined where there is no browser. */
export async function activationRow(starts: number): Promise<ActivationRow | undefined> {
  const browserPath = await findBrowser();
  if (browserPath === null) return undefined;
  const scratch = mkdtempSync(join(tmpdir(), 'initscope-activation-'));
  writeFileSync(join(scratch, 'index.cjs'), PROGRAM);
  const server = await serveVSCode();
  const browser = await launchBrowser(browserPath);
  const times: [number, number][] = [];
  try {
    for (let start = 0; times.length < starts && start < 2 * starts; start++) {
      const page = await browser.newPage();
      await page.exposeFunction('codeAutomationLog', (_type: unknown, args: readonly unknown[]) => {
        const line = args.map(String).join(' ');
        if (line.startsWith('ACTIVATION ')) times.push(JSON.parse(line.slice(11)) as [number, number]);
      });
      const exit = new Promise<number>((resolve) => void page.exposeFunction('codeAutomationExit', resolve));
      await page.goto(server.url(scratch, { extensionTestsPath: join(scratch, 'index.cjs') }));
      await exit;
      await page.close();
    }
  } finally {
    await browser.close();
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  return {
    starts: times.length,
    activateMs: median(times.map(([activate]) => activate)),
    withLoadingMs: median(times.map(([, whole]) => whole)),
  };
}
