import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun, npm, run, withRetries } from './run.mjs';
import { node24, root } from './stamps.mjs';

const version = '4.139.1';
const folder = join(root, '.cache', 'host');
const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
const complete = join(folder, `.complete-${version}`);

/** Installs the browser-served VS Code once, below .cache/host. */
export async function prepareVSCode() {
  if (existsSync(complete)) return;
  console.log('Preparing a browser-served VS Code in .cache/host: about 600 MB, half a minute …');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const steps = [
    [['install', ...flags, `code-server@${version}`], folder],
    [['install', ...flags, '--omit=dev'], vscode],
  ];
  for (const [args, cwd] of steps)
    if ((await withRetries('npm install', () => npm(args, { cwd }))) !== 0)
      throw new Error(`npm ${args.join(' ')} failed in ${cwd}.`);
  writeFileSync(complete, '');
}

/** The browser for tests: INITSCOPE_BROWSER, Chromium or Chrome of the machine; null when there is none. */
export async function findBrowser() {
  const named = process.env.INITSCOPE_BROWSER;
  const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  const windows = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
  const present = () => [named, ...usual, mac, windows].find((path) => path && existsSync(path)) ?? null;
  if (present() === null && process.platform === 'linux' && process.getuid() === 0) {
    console.log('Installing chromium with apt-get …');
    const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
    const updated = await run('apt-get', ['update', '-qq'], quiet).catch(() => 1);
    if (updated === 0) await run('apt-get', ['install', '-y', '-qq', 'chromium'], quiet);
  }
  return present();
}

/** A loopback port that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** User settings that keep a fresh VS Code quiet and give the editor its width. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
};

/** A busy machine takes long. */
const startMinutes = 2;

/** A server that answers on a port of its own: another one where somebody took the port in between. Throws when none starts. */
async function listening(main, data, env, tries = 3) {
  const port = await freePort();
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  const more = ['--accept-server-license-terms', '--enable-smoke-test-driver', '--telemetry-level', 'off'];
  const server = spawn(node24(), [main, ...flags, ...more, '--server-data-dir', data], {
    stdio: 'ignore',
    cwd: folder,
    env: { ...process.env, ...env },
  });
  const answers = () =>
    fetch(`http://127.0.0.1:${port}`).then(
      ({ ok }) => ok,
      () => false,
    );
  const end = Date.now() + startMinutes * 60_000;
  while (server.exitCode === null && Date.now() < end) {
    if (await answers()) return { port, server };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  server.kill();
  if (tries > 1) return listening(main, data, env, tries - 1);
  rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  throw new Error(`The VS Code server did not start within ${startMinutes} minutes.`);
}

/**
 * Starts a VS Code server on loopback with fresh user data. `url(workspace, payload)` addresses a window of it, on a folder or a
 * `.code-workspace` file; `stop()` ends it and removes the user data. `install` names a packed extension to install first.
 */
export async function serveVSCode({ settings = {}, trusted = true, env = {}, install } = {}) {
  await prepareVSCode();
  const data = mkdtempSync(join(tmpdir(), 'initscope-vscode-'));
  mkdirSync(join(data, 'data', 'User'), { recursive: true });
  const all = { ...quietSettings, 'security.workspace.trust.enabled': !trusted, ...settings };
  writeFileSync(join(data, 'data', 'User', 'settings.json'), JSON.stringify(all, null, 2));
  const main = join(vscode, 'out', 'server-main.js');
  if (install !== undefined) {
    const quiet = { cwd: folder, stdio: 'ignore' };
    const args = [main, '--install-extension', install, '--server-data-dir', data];
    await mustRun(`${install} cannot be installed`, node24(), args, quiet);
  }
  const { port, server } = await listening(main, data, env);
  const ended = new Promise((resolve) => {
    if (server.exitCode === null) server.on('close', resolve);
    else resolve();
  });
  const stop = async () => {
    server.kill();
    await ended;
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const origin = `http://127.0.0.1:${port}`;
  const url = (workspace, payload = {}) => {
    const remote = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
    const pairs = Object.entries({ extensionDevelopmentPath: root, ...payload });
    const text = JSON.stringify(pairs.map(([key, path]) => [key, remote(path)]));
    const kind = workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
    return `${origin}/?${kind}=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(text)}`;
  };
  return { url, stop, ended };
}

/** Starts the machine's browser through Playwright. */
export async function launchBrowser(executablePath) {
  const { chromium } = await import('playwright-core');
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  const args = ['--no-sandbox', '--disable-gpu', ...quiet];
  return chromium.launch({ executablePath, args, timeout: startMinutes * 60_000 });
}
