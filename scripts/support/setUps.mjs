import { join } from 'node:path';
import { oracleKinds, prepareOracles } from '../oracles.mjs';
import { run } from './run.mjs';
import { root } from './stamps.mjs';
import { prepareVSCode } from './vscode.mjs';

/** The native backend is built against TensorFlow's own libraries, which its environment brings. */
async function prepareNative() {
  await prepareOracles(['tf']);
  if ((await run(process.execPath, [join(root, 'scripts', 'native.mjs')])) !== 0)
    console.log('The native backend could not be built here; its comparison is skipped.');
}

/** Prepares everything that suites compare with or run in, side by side; resolves to one line for each that failed. */
export async function prepareAll() {
  const started = performance.now();
  const failures = [];
  const works = [...oracleKinds.map((kind) => () => prepareOracles([kind])), prepareNative, prepareVSCode];
  await Promise.all(works.map((work) => work().catch((error) => failures.push(String(error.message)))));
  console.log(`— set-ups: ${((performance.now() - started) / 60000).toFixed(2)} min`);
  return failures;
}
