import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { main, mustRun, npm, ready, run, withRetries } from './support/run.mjs';
import { node24, root } from './support/stamps.mjs';
import { prepareVenv } from './support/venv.mjs';

const folder = join(root, '.cache', 'native');
const addon = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
const packages = ['@tensorflow/tfjs-node@4.22.0', 'node-gyp@13.1.0'];

const probe = `
  const util = require('node:util');
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
  const tf = require(${JSON.stringify(addon)});
  console.log(tf.getBackend(), String(tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[1, 0], [0, 2]]))));`;

function link(target, ...at) {
  const path = join(addon, 'deps', ...at);
  rmSync(path, { force: true, recursive: true });
  symlinkSync(target, path);
}

/** Headers beside the Node that runs npm, when they are there; node-gyp finds others by itself. */
function headers() {
  const prefix = dirname(dirname(process.env.npm_node_execpath ?? process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: prefix } : {};
}

/** Builds @tensorflow/tfjs-node against the TensorFlow that the oracle environment `tf` brought. */
async function build(python) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  const install = () => npm(['install', ...flags, ...packages], { cwd: folder });
  const installed = await withRetries('npm install', install);
  if (installed !== 0) throw new Error('npm could not install @tensorflow/tfjs-node.');
  const lib = join(dirname(dirname(python)), 'lib');
  const version = readdirSync(lib).find((name) => name.startsWith('python3'));
  const wheel = join(lib, version ?? '', 'site-packages', 'tensorflow');
  if (!existsSync(wheel)) throw new Error(`No TensorFlow in ${wheel}.`);
  mkdirSync(join(addon, 'deps', 'lib'), { recursive: true });
  link(join(wheel, 'include'), 'include');
  for (const name of ['libtensorflow.so', 'libtensorflow_cc.so.2'])
    link(join(wheel, 'libtensorflow_cc.so.2'), 'lib', name);
  for (const name of ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'])
    link(join(wheel, 'libtensorflow_framework.so.2'), 'lib', name);
  const gyp = join(folder, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const options = ['--module_name=tfjs_binding', `--module_path=${addon}/lib/napi-v8`];
  const versions = ['--napi_build_version=8', '--napi_version=8'];
  await mustRun('node-gyp failed', node24(), [gyp, 'rebuild', ...options, ...versions], {
    cwd: addon,
    env: { ...process.env, ...headers() },
  });
}

main(async () => {
  if (process.platform !== 'linux')
    throw new Error(
      'This build works on Linux; elsewhere: npm install --no-save @tensorflow/tfjs-node@4.22.0',
    );
  await ready();
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const works = () => run(node24(), ['-e', probe], { env });
  if (existsSync(join(addon, 'lib', 'napi-v8', 'tfjs_binding.node')) && (await works()) === 0) return 0;
  console.log(
    'Building the native backend: TensorFlow from PyPI (1.7 GB, shared with the oracles), then 15 s of compiling.',
  );
  const python = await prepareVenv('tf');
  if (python === null) throw new Error('The native backend needs Python 3.10 or later with venv.');
  await build(python);
  return works();
});
