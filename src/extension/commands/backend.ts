import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { installFolder } from '../nativeFolder.ts';
import { NotNow, type Outcome } from './outcome.ts';

const PACKAGE = '@tensorflow/tfjs-node@4.22.0';
const SIZE = 'about 700 MB on disk, most of it TensorFlow itself';

const BACKENDS = [
  { label: 'auto', description: 'the native backend when it is installed, else WebAssembly' },
  {
    label: 'tensorflow',
    description: 'native TensorFlow, the fastest; install it with Install Native Backend',
  },
  { label: 'wasm', description: 'embedded WebAssembly' },
  { label: 'cpu', description: 'plain JavaScript: slow, the reference' },
];

/** Sets the backend for this person. */
export async function chooseBackend(_app: App, given?: unknown): Promise<Outcome> {
  const picked =
    BACKENDS.find(({ label }) => label === given) ??
    (await vscode.window.showQuickPick(BACKENDS, { title: 'Measure with which backend?' }));
  if (picked === undefined) throw new vscode.CancellationError();
  const settings = vscode.workspace.getConfiguration('initscope');
  await settings.update('backend', picked.label, vscode.ConfigurationTarget.Global);
  return picked.label;
}

/** Runs a program in a folder, its output in our log; resolves to its exit code, null when it could not start or was cancelled. */
function runLogged(
  app: App,
  command: string,
  args: readonly string[],
  cwd: string,
  token: vscode.CancellationToken,
  options: { readonly shell?: boolean; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const log = (data: Buffer): void => app.log.info(data.toString('utf8').trimEnd());
    child.stdout.on('data', log);
    child.stderr.on('data', log);
    const stop = token.onCancellationRequested(() => child.kill());
    const done = (code: number | null): void => {
      stop.dispose();
      resolve(code);
    };
    child.on('error', () => done(null));
    child.on('close', done);
  });
}

/** npm is a batch file on Windows, which only a shell starts. */
const NPM = { shell: process.platform === 'win32' };

/** Loads the backend in a child on the very program that runs the server, so that a crash of native code is an answer and nothing more. */
function probe(app: App, folder: string, token: vscode.CancellationToken): Promise<number | null> {
  const load =
    "const u=require('node:util');u.isNullOrUndefined??=(v)=>v==null;u.isArray??=Array.isArray;require('@tensorflow/tfjs-node').zeros([1]).dataSync()";
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return runLogged(app, process.execPath, ['-e', load], folder, token, { env });
}

async function install(app: App, folder: string): Promise<Outcome> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: 'Initscope: installing the native backend',
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    let works = false;
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
      progress.report({ message: 'npm is looked for' });
      const found = (await runLogged(app, 'npm', ['--version'], folder, token, NPM)) === 0;
      if (!found && !token.isCancellationRequested)
        throw new NotNow('npm was not found on this machine: install Node.js (https://nodejs.org) first.');
      progress.report({ message: 'npm install' });
      const flags = ['--no-audit', '--no-fund'];
      const installed = await runLogged(app, 'npm', ['install', ...flags, PACKAGE], folder, token, NPM);
      progress.report({ message: 'trying it' });
      works = installed === 0 && !token.isCancellationRequested && (await probe(app, folder, token)) === 0;
    } finally {
      if (!works) await rm(folder, { recursive: true, force: true });
    }
    if (!works && token.isCancellationRequested) throw new vscode.CancellationError();
    if (!works)
      throw new Error(
        'The native backend could not be installed here, nothing was kept. The log says why; WebAssembly is used as before.',
      );
    await app.server.restart();
    return 'The native backend is installed and used from now on.';
  });
}

/** Installs native TensorFlow into the extension's storage after consent, or removes it again. */
export async function installNativeBackend(app: App): Promise<Outcome> {
  if (!vscode.workspace.isTrusted) throw new NotNow('native backends are only used in a trusted workspace.');
  const folder = installFolder(app.context);
  if (existsSync(join(folder, 'node_modules'))) {
    const answer = await vscode.window.showInformationMessage(
      'The native backend is installed.',
      { modal: true },
      'Remove It',
    );
    if (answer === undefined) throw new vscode.CancellationError();
    await rm(folder, { recursive: true, force: true });
    await app.server.restart();
    return 'The native backend was removed.';
  }
  const detail = `npm installs ${PACKAGE} (${SIZE}) into ${folder}. It downloads from the npm registry and from Google's TensorFlow storage. You can cancel it, and remove it with this command.`;
  const consent = await vscode.window.showInformationMessage(
    'Install the native TensorFlow backend?',
    { modal: true, detail },
    'Install',
  );
  if (consent === undefined) throw new vscode.CancellationError();
  const outcome = await install(app, folder);
  vscode.window.setStatusBarMessage(`Initscope: ${outcome}`, 8000);
  return outcome;
}
