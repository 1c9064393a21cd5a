import * as esbuild from 'esbuild';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { common } from '../../esbuild.mjs';
import { root } from './stamps.mjs';

/** Packages that are used by tests as they are installed, since they find their own files. */
const external = [
  'playwright-core',
  'esbuild',
  'typescript',
  'assemblyscript',
  'ajv',
  'ajv-formats',
  'vscode',
];

/** What CommonJS code inside the bundles (tfjs-backend-wasm) expects to find. */
const commonJs = `
import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** Bundles TypeScript entries for Node into `dist/<folder>`, with one copy of tfjs-core; returns the outputs. */
export async function bundleForNode(entries, folder) {
  const outdir = join(root, 'dist', folder);
  rmSync(outdir, { recursive: true, force: true });
  const result = await esbuild.build({
    ...common,
    entryPoints: entries,
    outdir,
    outbase: root,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    sourcemap: true,
    metafile: true,
    external,
    define: { 'process.env.INITSCOPE_ROOT': JSON.stringify(root) },
    banner: { js: commonJs },
  });
  // What is imported when it is needed is an entry point of its own to esbuild.
  const outputs = Object.entries(result.metafile.outputs);
  const asked = new Set(entries);
  return outputs.filter(([, { entryPoint }]) => asked.has(entryPoint)).map(([file]) => join(root, file));
}
