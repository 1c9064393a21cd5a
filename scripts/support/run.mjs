import { spawn } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { buildIsCurrent, installIsCurrent, node24, root } from './stamps.mjs';

/** Runs a program with our own standard streams; resolves to its exit code. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Like `run`, but a non-zero exit is an error with the given message. */
export async function mustRun(message, program, args, options) {
  const code = await run(program, args, options);
  if (code !== 0) throw new Error(`${message} (exit code ${code})`);
}

/** Tries again what uses the network and gave an exit code other than 0, twice and later each time; resolves to its last exit code. */
export async function withRetries(what, attempt, pauses = [5, 20]) {
  for (const pause of pauses) {
    const code = await attempt();
    if (code === 0) return 0;
    console.error(`${what} failed (exit code ${code}); once more in ${pause} s …`);
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
  }
  return attempt();
}

/** Runs npm with the Node that started npm, since ours may be about to be replaced. */
export function npm(args, options = {}) {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  if (cli) return run(node ?? process.execPath, [cli, ...args], options);
  return run('npm', args, { shell: process.platform === 'win32', ...options });
}

/** Installs and builds what is out of date, so that every command works on a fresh clone. */
export async function ready() {
  if (!installIsCurrent()) {
    if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
      throw new Error(
        'node_modules is a link and does not hold what the lock file asks for: install where it points to.',
      );
    console.error('Installing dependencies (about 300 MB in node_modules) …');
    const install = () => npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if ((await withRetries('npm ci', install)) !== 0) throw new Error('npm ci failed.');
  }
  if (!buildIsCurrent()) await mustRun('The build failed', node24(), ['esbuild.mjs']);
}

/** Runs a script's main function; a failure is one line and exit code 1. */
export function main(action) {
  action().then(
    (code) => (process.exitCode = code ?? 0),
    (error) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
