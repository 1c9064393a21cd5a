import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleHostSuite, scratchWorkspace } from './support/hostSuite.mjs';
import { main, ready } from './support/run.mjs';
import { root } from './support/stamps.mjs';
import { quietSettings } from './support/vscode.mjs';

/** Runs the host suite once in desktop VS Code (downloaded, or INITSCOPE_VSCODE); resolves to its exit code. */
async function runIn(suite, trusted) {
  const { downloadAndUnzipVSCode, runTests } = await import('@vscode/test-electron');
  const version = process.env.INITSCOPE_VSCODE_VERSION ?? 'stable';
  const vscodeExecutablePath =
    process.env.INITSCOPE_VSCODE ??
    (await downloadAndUnzipVSCode(version).catch((error) => {
      throw new Error(
        `VS Code ${version} cannot be downloaded (${error.message}): INITSCOPE_VSCODE names an installed one.`,
      );
    }));
  const { scratch, open } = scratchWorkspace(trusted ? 1 : 2);
  const data = mkdtempSync(join(tmpdir(), 'initscope-desktop-'));
  mkdirSync(join(data, 'User'));
  const settings = { ...quietSettings, 'security.workspace.trust.enabled': !trusted };
  writeFileSync(join(data, 'User', 'settings.json'), JSON.stringify(settings));
  try {
    return await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath: suite,
      extensionTestsEnv: { INITSCOPE_TRUSTED: String(trusted) },
      launchArgs: [open, '--user-data-dir', data, '--disable-extensions', '--skip-welcome'],
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

main(async () => {
  await ready();
  const suite = await bundleHostSuite();
  for (const trusted of [true, false]) await runIn(suite, trusted);
});
