import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { totalsMark } from './support/reporter.mjs';
import { main, ready, run } from './support/run.mjs';
import { node24, root } from './support/stamps.mjs';

const inCi = process.env.CI === 'true';
const prefix = totalsMark;

/** Runs a program, passes its output on, and takes the totals out of the line that carries them. */
function runCounting(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let pending = '';
    let totals;
    const take = (line) => {
      if (line.startsWith(prefix)) totals = JSON.parse(line.slice(prefix.length));
      else process.stdout.write(`${line}\n`);
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (pending + text).split('\n');
      pending = lines.pop();
      lines.forEach(take);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (pending) take(pending);
      totals ??= { passed: 0, failed: 1, skipped: 0 };
      if (code !== 0 && totals.failed === 0) totals.failed = 1;
      resolve(totals);
    });
  });
}

/** One check that either passes or fails as a whole. */
async function whole(program, args) {
  const failed = (await run(program, args)) === 0 ? 0 : 1;
  return { passed: 1 - failed, failed, skipped: 0 };
}

const bin = (path) => join(root, 'node_modules', path);
const sum = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

async function lint() {
  const eslint = await whole(node24(), [bin('eslint/bin/eslint.js'), '.']);
  return sum(
    eslint,
    await whole(node24(), [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']),
  );
}

const types = () => whole(node24(), [bin('typescript/bin/tsc6'), '--noEmit']);

function testFiles(folder) {
  const names = readdirSync(join(root, folder), { recursive: true });
  const tests = names.filter((name) => name.endsWith('.test.ts')).sort();
  return tests.map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

/** node:test files of one folder, bundled first. */
function nodeSuite(name) {
  return async () => {
    const { bundleForNode } = await import('./support/bundle.mjs');
    const files = await bundleForNode(testFiles(`tests/${name}`), `tests/${name}`);
    const reporter = join(root, 'scripts', 'support', 'reporter.mjs');
    const flags = ['--enable-source-maps', '--test', '--test-concurrency=2', `--test-reporter=${reporter}`];
    return runCounting(node24(), [...flags, ...files]);
  };
}

const suites = {
  lint,
  types,
  unit: nodeSuite('unit'),
  reference: nodeSuite('reference'),
  corpus: nodeSuite('corpus'),
  oracles: nodeSuite('oracles'),
  host: () => runCounting(node24(), [join(root, 'scripts', 'host.mjs')]),
  webview: nodeSuite('webview'),
  package: () => whole(node24(), [join(root, 'scripts', 'package.mjs')]),
};

function exists(name) {
  return ['lint', 'types', 'package'].includes(name) || existsSync(join(root, 'tests', name));
}

async function prepareOracles() {
  const { prepareOracles: prepare } = await import('./oracles.mjs');
  await prepare();
  if (existsSync(join(root, '.cache', 'native', 'node_modules'))) return;
  if ((await run(process.execPath, [join(root, 'scripts', 'native.mjs')])) !== 0)
    console.log('The native backend could not be built here; its comparison is skipped.');
}

main(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in suites));
  if (unknown.length > 0)
    throw new Error(`No suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.`);
  await ready();
  if (
    inCi &&
    ['reference', 'oracles'].some((name) => exists(name) && (asked.length === 0 || asked.includes(name)))
  )
    await prepareOracles();
  let totals = { passed: 0, failed: 0, skipped: 0 };
  for (const name of asked.length > 0 ? asked : Object.keys(suites).filter(exists)) {
    console.log(`— ${name}`);
    const started = performance.now();
    const result = await suites[name]().catch((error) => {
      console.error(error instanceof Error ? error.message : error);
      return { passed: 0, failed: 1, skipped: 0 };
    });
    const minutes = ((performance.now() - started) / 60000).toFixed(2);
    console.log(
      `  ${name}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped, ${minutes} min`,
    );
    totals = sum(totals, result);
  }
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  return totals.failed > 0 ? 1 : 0;
});
