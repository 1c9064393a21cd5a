import * as esbuild from 'esbuild';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common } from '../../esbuild.mjs';
import { root } from './stamps.mjs';
import { findBrowser, launchBrowser, serveVSCode } from './vscode.mjs';

/** Matters only when something hangs. */
const timeLimit = 15 * 60_000;

/** An extension that does nothing, for VS Code to run the test as: ours is installed from the package. */
async function dummyExtension(folder) {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'smoke', publisher: 'initscope', version: '0.0.0', engines: { vscode: '*' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  await esbuild.build({
    ...common,
    entryPoints: ['tests/packed/index.ts'],
    outfile: join(folder, 'index.cjs'),
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode'],
  });
}

/** Installs a packed extension in the browser-served VS Code and measures models with it. False when there is no browser. */
export async function testPacked(vsix) {
  const browserPath = await findBrowser();
  if (browserPath === null) return false;
  const scratch = mkdtempSync(join(tmpdir(), 'initscope-packed-'));
  const workspace = join(scratch, 'workspace');
  cpSync(join(root, 'examples'), workspace, { recursive: true });
  await dummyExtension(join(scratch, 'smoke'));
  const server = await serveVSCode({ install: vsix });
  const browser = await launchBrowser(browserPath);
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const lines = [];
    await page.exposeFunction('codeAutomationLog', (_type, args) => lines.push(args.map(String).join(' ')));
    const exit = new Promise((resolve) => void page.exposeFunction('codeAutomationExit', resolve));
    const timeOut = new Promise((resolve) => void setTimeout(() => resolve('time-out'), timeLimit).unref());
    const payload = {
      extensionDevelopmentPath: join(scratch, 'smoke'),
      extensionTestsPath: join(scratch, 'smoke', 'index.cjs'),
    };
    await page.goto(server.url(workspace, payload), { timeout: timeLimit });
    const code = await Promise.race([exit, timeOut]);
    if (code !== 0)
      throw new Error(`The installed package does not measure (${code}):\n${lines.slice(-20).join('\n')}`);
    return true;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}
