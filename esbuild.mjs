import * as esbuild from 'esbuild';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildKernels } from './scripts/kernels.mjs';
import { isEntry, writeBuildStamp } from './scripts/support/stamps.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Options every bundle shares. One copy of tfjs-core needs `module` before `main`. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  mainFields: ['module', 'main'],
  loader: { '.wasm': 'binary', '.sandbox.js': 'text' },
  logLevel: 'warning',
};

/**
 * Keeps code out that would only be parsed: the HDF5 library, three quarters of all, stands in a bundle of its own that only HDF5 files load;
 * tfjs's HTTP client for Node is never used.
 */
const lighter = {
  name: 'lighter',
  setup(build) {
    build.onResolve({ filter: /^h5wasm\/node$/ }, () => ({ path: './hdf5.cjs', external: true }));
    build.onLoad({ filter: /[\\/]node_modules[\\/]node-fetch[\\/]/ }, () => ({
      contents: 'module.exports = globalThis.fetch;',
    }));
  },
};

const node = {
  ...common,
  plugins: [lighter],
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  minify: true,
  keepNames: true,
  // A bundle that is loaded as a script (src/node/loadCompiled.ts) has `require` alone.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__bundleUrl' },
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
};

const browser = { ...common, platform: 'browser', target: 'es2022', format: 'esm', minify: true };

const bundles = [
  { ...node, entry: 'src/extension/main.ts', outfile: 'dist/extension.cjs', external: ['vscode'] },
  { ...node, entry: 'src/server/start.ts', outfile: 'dist/server.cjs' },
  { ...node, entry: 'src/server/main.ts', outfile: 'dist/server.main.cjs' },
  { ...node, entry: 'src/node/workerStart.ts', outfile: 'dist/worker.cjs' },
  { ...node, entry: 'src/node/worker.ts', outfile: 'dist/worker.main.cjs' },
  { ...node, entry: 'src/node/graphWorker.ts', outfile: 'dist/graph.cjs', external: ['web-worker'] },
  { ...node, entry: 'src/node/sourceWorker.ts', outfile: 'dist/sources.cjs' },
  { ...node, entry: 'src/cli/start.ts', outfile: 'dist/cli.cjs' },
  { ...node, entry: 'src/cli/main.ts', outfile: 'dist/cli.main.cjs' },
  { ...node, entry: 'node_modules/h5wasm/dist/node/hdf5_hl.js', outfile: 'dist/hdf5.cjs' },
  { ...browser, entry: 'webview/report/main.ts', outfile: 'dist/webview/report.js' },
  { ...browser, entry: 'webview/report/main.css', outfile: 'dist/webview/report.css' },
  { ...browser, entry: 'webview/side/main.ts', outfile: 'dist/webview/side.js' },
  { ...browser, entry: 'webview/side/main.css', outfile: 'dist/webview/side.css' },
];

/** Builds every bundle whose entry exists, and removes the output of those whose entry does not. */
export async function build() {
  await buildKernels();
  await Promise.all(
    bundles.map(async ({ entry, ...options }) => {
      if (existsSync(`${root}${entry}`)) await esbuild.build({ ...options, entryPoints: [entry] });
      else rmSync(`${root}${options.outfile}`, { force: true });
    }),
  );
  writeBuildStamp();
}

if (isEntry(import.meta.url)) {
  await build().catch((error) => {
    if (!error.errors) console.error(error);
    process.exitCode = 1;
  });
}
