import * as esbuild from 'esbuild';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { common } from '../../esbuild.mjs';
import { root } from './stamps.mjs';

/** Bundles the host suite; returns the module that both launchers hand to VS Code. */
export async function bundleHostSuite() {
  const outdir = join(root, 'dist', 'tests', 'host');
  rmSync(outdir, { recursive: true, force: true });
  const tests = readdirSync(join(root, 'tests', 'host')).filter((name) => name.endsWith('.test.ts'));
  const doubles = readdirSync(join(root, 'tests', 'host', 'doubles')).map((name) => `doubles/${name}`);
  await esbuild.build({
    ...common,
    entryPoints: ['index.ts', ...tests, ...doubles].map((name) => `tests/host/${name}`),
    outdir,
    outbase: join(root, 'tests', 'host'),
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    define: {
      'process.env.INITSCOPE_ROOT': JSON.stringify(root),
      'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'dist', 'tests', 'index.cjs')).href),
    },
  });
  return join(outdir, 'index.cjs');
}

/**
 * A folder the suite may change, `open` the path that VS Code opens: the copy of the examples and of tests/host/workspace in it, or a
 * workspace of that and a second folder.
 */
export function scratchWorkspace(folders = 1) {
  const scratch = mkdtempSync(join(tmpdir(), 'initscope-workspace-'));
  const first = join(scratch, 'first');
  for (const source of ['examples', 'tests/host/workspace'])
    if (existsSync(join(root, source))) cpSync(join(root, source), first, { recursive: true });
  if (folders === 1) return { scratch, open: first };
  mkdirSync(join(scratch, 'second'));
  const open = join(scratch, 'two folders.code-workspace');
  writeFileSync(open, JSON.stringify({ folders: [{ path: 'first' }, { path: 'second' }] }));
  return { scratch, open };
}
