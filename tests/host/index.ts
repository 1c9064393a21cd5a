import Mocha from 'mocha';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';

/** Must equal `totalsMark` of scripts/support/reporter.mjs. */
const totalsMark = 'INITSCOPE_TOTALS ';
/** Must equal `testMark` of scripts/host.mjs. */
const testMark = 'INITSCOPE_TEST ';

/** What one test may take; matters only where something hangs (see `eventually`). */
const LIMIT_MS = 600_000;

/** Entry that VS Code calls inside its extension host, in the browser-served one and on the desktop. */
export function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const mocha = new Mocha({ ui: 'tdd', timeout: LIMIT_MS, reporter: Mocha.reporters.Base });
  const { INITSCOPE_GREP: only, INITSCOPE_VERBOSE: verbose } = process.env;
  if (only) mocha.grep(new RegExp(only));
  for (const name of readdirSync(__dirname).sort())
    if (name.endsWith('.test.cjs')) mocha.addFile(join(__dirname, name));
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
    const totals = { passed: 0, failed: 0, skipped: 0 };
    runner.on('test', (test) => console.log(testMark + test.fullTitle()));
    runner.on('pass', (test) => {
      totals.passed += 1;
      if (verbose) console.log(`| ${test.duration ?? 0} ms ${test.fullTitle()}`);
    });
    runner.on('pending', () => (totals.skipped += 1));
    runner.on('fail', (test, error: unknown) => {
      totals.failed += 1;
      console.log(`| FAILED ${test.fullTitle()}\n${inspect(error)}`);
    });
    runner.on('end', () => {
      console.log(totalsMark + JSON.stringify(totals));
    });
  });
}
