import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { main, ready, run } from './support/run.mjs';
import { root } from './support/stamps.mjs';
import { serveVSCode } from './support/vscode.mjs';

const examples = join(root, 'examples');
const folder = process.argv[2] ?? (existsSync(examples) ? examples : root);
const development = [`--extensionDevelopmentPath=${root}`, folder];

/** An installed `code`, or null. */
function installedCode() {
  const shell = process.platform === 'win32';
  const { status } = spawnSync('code', ['--version'], { shell, stdio: 'ignore', timeout: 20_000 });
  return status === 0 ? 'code' : null;
}

/** A desktop VS Code from its own download server, or null where that cannot be reached or shown. */
async function downloadedCode() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return null;
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  const cachePath = join(root, '.vscode-test');
  return downloadAndUnzipVSCode({ version: 'stable', cachePath, timeout: 20_000 }).catch(() => null);
}

async function served() {
  const server = await serveVSCode();
  console.log(`The browser-served VS Code, with Initscope from this folder, on ${folder}:`);
  console.log(server.url(folder));
  console.log('Ctrl+C ends it.');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.stop());
  await server.ended;
}

main(async () => {
  await ready();
  const code = installedCode();
  if (code) {
    console.log(`Your VS Code, with Initscope from this folder, on ${folder}`);
    return run(code, ['--new-window', ...development], { shell: process.platform === 'win32' });
  }
  const downloaded = await downloadedCode();
  if (downloaded) {
    console.log(`A downloaded VS Code, with Initscope from this folder, on ${folder}`);
    return run(downloaded, development);
  }
  return served();
});
