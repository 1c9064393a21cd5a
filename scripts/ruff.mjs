import { main, run } from './support/run.mjs';
import { prepareVenv } from './support/venv.mjs';

/** Checks the probe's Python by Ruff, or with `format` mends it. Where no Python has venv nothing is checked, which is said. */
main(async () => {
  const python = await prepareVenv('lint');
  if (python === null) {
    console.log('The Python code is not checked: no Python with venv was found.');
    return 0;
  }
  const ruff = (...args) => run(python, ['-m', 'ruff', ...args]);
  if (process.argv[2] === 'format')
    return (await ruff('check', '--fix', '--quiet')) || ruff('format', '--quiet');
  return (await ruff('check', '--quiet')) || ruff('format', '--check', '--quiet');
});
