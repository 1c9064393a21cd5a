import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, run, withRetries } from './run.mjs';
import { root } from './stamps.mjs';

/** The Python environments of the oracles and of the linter: what to install and what that takes. */
export const environments = {
  torch: { size: '1 GB (several more where pip only finds a CUDA build)', cpuBuild: 'torch' },
  tf: { size: '1.7 GB' },
  scale: { size: '0.8 GB', over: 'torch' },
  lint: { size: '50 MB' },
};

function requirements(kind) {
  return join(root, 'scripts', 'oracles', `${kind}.txt`);
}

/** The environment's folder; its name changes with its requirements. */
export function venvFolder(kind) {
  const hash = createHash('sha256')
    .update(readFileSync(requirements(kind)))
    .digest('hex')
    .slice(0, 12);
  return join(root, '.cache', 'oracles', `${kind}-${hash}`);
}

/** The environment's interpreter when the environment is complete, otherwise null. */
export function venvPython(kind) {
  const folder = venvFolder(kind);
  if (!existsSync(join(folder, '.complete'))) return null;
  return interpreter(folder);
}

function interpreter(folder) {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

async function systemPython() {
  for (const name of ['python3', 'python'])
    if ((await run(name, ['-c', 'import venv, ensurepip'], { stdio: 'ignore' }).catch(() => 1)) === 0)
      return name;
  return null;
}

const underWay = new Map();

/** Prepares one environment unless it is there or under way; resolves to its interpreter, or null without a Python that has venv. */
export function prepareVenv(kind) {
  const asked = underWay.get(kind) ?? prepare(kind);
  underWay.set(kind, asked);
  return asked;
}

async function prepare(kind) {
  const ready = venvPython(kind);
  if (ready) return ready;
  const python = await systemPython();
  if (python === null) return null;
  const folder = venvFolder(kind);
  console.log(`Preparing ${folder}: about ${environments[kind].size} on disk, a few minutes …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await mustRun('python -m venv failed', python, ['-m', 'venv', folder]);
  const pip = ['-m', 'pip', 'install', '-qq', '--disable-pip-version-check', '--prefer-binary'];
  const { cpuBuild } = environments[kind];
  if (cpuBuild) await installCpuBuild(interpreter(folder), pip, kind, cpuBuild);
  const install = () => run(interpreter(folder), [...pip, '-r', requirements(kind)]);
  if ((await withRetries(`pip for ${kind}`, install)) !== 0)
    throw new Error(`pip could not install ${kind}.`);
  const { over } = environments[kind];
  if (over) await layOver(interpreter(folder), over);
  writeFileSync(join(folder, '.complete'), '');
  return interpreter(folder);
}

/** Lets an environment see the packages of another one behind its own. */
async function layOver(python, kind) {
  const below = await prepareVenv(kind);
  const code =
    'import subprocess, sys, sysconfig; p = \'import sysconfig; print(sysconfig.get_paths()["purelib"])\'; ' +
    "open(sysconfig.get_paths()['purelib'] + '/below.pth', 'w').write(subprocess.check_output([sys.argv[1], '-c', p], text=True))";
  await mustRun('the environments could not be joined', python, ['-c', code, below]);
}

/** Takes the `+cpu` build where an index offers one; the plain requirement follows either way. */
async function installCpuBuild(python, pip, kind, name) {
  const line = readFileSync(requirements(kind), 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}==`));
  await run(python, [...pip, `${line}+cpu`], { stdio: 'ignore' });
}
