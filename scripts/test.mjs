import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { totalsMark } from './support/reporter.mjs';
import { main, ready } from './support/run.mjs';
import { node24, root } from './support/stamps.mjs';

const inCi = process.env.CI === 'true';
const prefix = totalsMark;

/** In CI everything ends early enough for its limit of 25 minutes, with totals. */
const mostMinutes = 24;
const deadline = inCi ? Date.now() + mostMinutes * 60_000 : Infinity;
const setUpMinutes = 12;
const timeIsOver = `the time of ${mostMinutes} min is over`;

/** Starts a program that is ended, with what it has started, when the time is over. */
function start(program, args, stdout) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', stdout, 'inherit'], detached: inCi });
  if (deadline === Infinity) return child;
  const end = (signal) => {
    console.log(`ended by ${signal}: ${timeIsOver}`);
    try {
      process.kill(-child.pid, signal);
    } catch {
      child.kill(signal);
    }
  };
  const left = deadline - Date.now();
  const timers = [setTimeout(end, left, 'SIGTERM'), setTimeout(end, left + 15_000, 'SIGKILL')];
  child.on('close', () => timers.forEach(clearTimeout));
  return child;
}

/** Runs a program, passes its output on, and takes the totals out of the line that carries them. */
function runCounting(program, args) {
  return new Promise((resolve, reject) => {
    const child = start(program, args, 'pipe');
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
      totals ??= oneFailure;
      resolve(code !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals);
    });
  });
}

/** One check that either passes or fails as a whole. */
function whole(program, args) {
  return new Promise((resolve, reject) => {
    const child = start(program, args, 'inherit');
    child.on('error', reject);
    child.on('close', (code) => {
      const failed = code === 0 ? 0 : 1;
      resolve({ passed: 1 - failed, failed, skipped: 0 });
    });
  });
}

const bin = (path) => join(root, 'node_modules', path);
const nothing = { passed: 0, failed: 0, skipped: 0 };
const oneFailure = { ...nothing, failed: 1 };
const sum = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

async function lint() {
  const eslint = await whole(node24(), [bin('eslint/bin/eslint.js'), '.']);
  const prettier = await whole(node24(), [
    bin('prettier/bin/prettier.cjs'),
    '--check',
    '--log-level',
    'warn',
    '.',
  ]);
  const ruff = await whole(node24(), [join(root, 'scripts', 'ruff.mjs')]);
  return [eslint, prettier, ruff].reduce(sum);
}

const types = () => whole(node24(), [bin('typescript/bin/tsc6'), '--noEmit']);

function testFiles(folder) {
  const names = readdirSync(join(root, folder), { recursive: true });
  const tests = names.filter((name) => name.endsWith('.test.ts')).sort();
  return tests.map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

/** node:test files of one folder, bundled first; so many at once: those of the oracles wait for processes half of their time. */
function nodeSuite(name, atOnce = 2) {
  return async () => {
    const { bundleForNode } = await import('./support/bundle.mjs');
    const files = await bundleForNode(testFiles(`tests/${name}`), `tests/${name}`);
    const reporter = join(root, 'scripts', 'support', 'reporter.mjs');
    const flags = [
      '--enable-source-maps',
      '--test',
      `--test-concurrency=${atOnce}`,
      `--test-reporter=${reporter}`,
    ];
    // A file that hangs is ended and fails; the others still count.
    if (inCi) flags.push(`--test-timeout=${10 * 60_000}`);
    return runCounting(node24(), [...flags, ...files]);
  };
}

const suites = {
  lint,
  types,
  unit: nodeSuite('unit'),
  reference: nodeSuite('reference'),
  corpus: nodeSuite('corpus'),
  oracles: nodeSuite('oracles', 3),
  host: () => runCounting(node24(), [join(root, 'scripts', 'host.mjs')]),
  webview: nodeSuite('webview'),
  package: () => whole(node24(), [join(root, 'scripts', 'package.mjs')]),
};

function exists(name) {
  return ['lint', 'types', 'package'].includes(name) || existsSync(join(root, 'tests', name));
}

/** Suites that need nothing but the packages of npm: these run beside the set-ups of the others. */
const light = new Set(['lint', 'types', 'unit', 'corpus']);

/** Starts the set-ups in CI where a suite needs them; resolves to their totals, in which only a failure counts. */
async function setUp(names) {
  if (!inCi || names.every((name) => light.has(name))) return nothing;
  const { prepareAll } = await import('./support/setUps.mjs');
  const late = [`they took longer than ${setUpMinutes} min`];
  const tooLong = new Promise((resolve) => void setTimeout(resolve, setUpMinutes * 60_000, late).unref());
  const failures = await Promise.race([prepareAll(), tooLong]);
  for (const failure of failures) console.log(`FAILED set-up: ${failure}`);
  return { ...nothing, failed: failures.length };
}

async function timed(name) {
  console.log(`— ${name}`);
  const started = performance.now();
  const result = await suites[name]().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    return oneFailure;
  });
  const minutes = ((performance.now() - started) / 60000).toFixed(2);
  console.log(
    `  ${name}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped, ${minutes} min`,
  );
  return result;
}

async function runSuites(names) {
  const settingUp = setUp(names);
  let totals = nothing;
  for (const name of [...names].sort((a, b) => light.has(b) - light.has(a))) {
    if (!light.has(name)) await settingUp;
    if (Date.now() >= deadline) console.log(`  ${name}: not run, ${timeIsOver}`);
    totals = sum(totals, Date.now() < deadline ? await timed(name) : oneFailure);
  }
  return sum(totals, await settingUp);
}

async function run() {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in suites));
  if (unknown.length > 0)
    throw new Error(`No suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.`);
  await ready();
  return runSuites(asked.length > 0 ? asked : Object.keys(suites).filter(exists));
}

main(async () => {
  const totals = await run().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    return oneFailure;
  });
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  const code = totals.failed > 0 ? 1 : 0;
  // What hangs must not outlive the totals.
  if (inCi) process.exit(code);
  return code;
});
