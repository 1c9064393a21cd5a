import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, mustRun, ready, run } from './support/run.mjs';
import { node24, root } from './support/stamps.mjs';

const mostMegabytes = 10;

/** Files that must be in the package, and what must not. */
const needed = [
  ...['extension', 'server', 'worker', 'cli', 'hdf5', 'graph', 'sources'].map((name) => `dist/${name}.cjs`),
  ...['server', 'worker', 'cli'].map((name) => `dist/${name}.main.cjs`),
  'python/initscope_probe/__main__.py',
  'docs/rules/vanishing-gradient.md',
  'media/schemas/initscope.schema.json',
];
/** Folders of which something must be in the package. */
const neededFolders = ['dist/webview/', 'media/walkthrough/', 'docs/rules/', 'python/'];
const unwanted = /\.(?:map|ts|tsx)$|(?:^|\/)(?:tests?|node_modules|\.cache)\//;

/** Lists, measures, unpacks and starts the packed extension: what is installed is what is tested. */
async function smokeTest(vsix) {
  const { unzipSync } = await import('fflate');
  const names = [];
  const folder = mkdtempSync(join(tmpdir(), 'initscope-vsix-'));
  try {
    const files = unzipSync(readFileSync(vsix));
    const { mkdirSync, writeFileSync } = await import('node:fs');
    const { dirname } = await import('node:path');
    for (const [path, bytes] of Object.entries(files)) {
      if (!path.startsWith('extension/')) continue;
      const name = path.slice('extension/'.length);
      names.push(name);
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
      const text = /\.(?:cjs|js|css|json|md|svg)$/.test(name) ? new TextDecoder().decode(bytes) : '';
      for (const place of [root, join(realpathSync(join(root, 'node_modules')), '..')])
        if (text.includes(place)) throw new Error(`${name} contains the path of this checkout, ${place}.`);
    }
    for (const name of needed) if (!names.includes(name)) throw new Error(`${name} is not in the package.`);
    for (const start of neededFolders)
      if (!names.some((name) => name.startsWith(start)))
        throw new Error(`Nothing of ${start} is in the package.`);
    const wrong = names.filter((name) => unwanted.test(name));
    if (wrong.length > 0) throw new Error(`These do not belong into the package: ${wrong.join(', ')}.`);
    const example = join(folder, 'examples', 'zero-mlp.json');
    if (!existsSync(example)) throw new Error('The examples are not in the package.');
    const args = [
      join(folder, 'dist', 'cli.cjs'),
      'inspect',
      example,
      '--no-cache',
      '--quiet',
      '--fail-on',
      'never',
    ];
    await mustRun('The packed command line does not measure', node24(), args, { cwd: folder });
    return names.length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main(async () => {
  await ready();
  await mustRun('The build failed', node24(), ['esbuild.mjs']);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const vsix = join(root, `initscope-${version}.vsix`);
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const flags = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    vsix,
  ];
  const code = await run(node24(), [vsce, ...flags]);
  if (code !== 0) return code;
  const files = await smokeTest(vsix);
  const megabytes = statSync(vsix).size / 1e6;
  if (megabytes > mostMegabytes)
    throw new Error(`The package has ${megabytes.toFixed(1)} MB; ${mostMegabytes} are allowed.`);
  const { testPacked } = await import('./support/packedSuite.mjs');
  const installed = (await testPacked(vsix))
    ? 'installed in VS Code it measures a model and a source'
    : 'not tried in VS Code: no browser here';
  console.log(
    `${vsix}: ${megabytes.toFixed(1)} MB, ${files} files; its command line measures an example; ${installed}.`,
  );
  return 0;
});
