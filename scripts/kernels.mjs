import asc from 'assemblyscript/asc';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isEntry } from './support/stamps.mjs';

const sources = fileURLToPath(new URL('../src/engine/kernels/as/', import.meta.url));
const built = fileURLToPath(new URL('../src/engine/kernels/built/', import.meta.url));
const entries = readdirSync(sources).filter((name) => name.endsWith('.ts'));

const builds = { plain: ['simd'], relaxed: ['simd', 'relaxed-simd'] };

function isCurrent(file) {
  const time = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const inputs = [...entries.map((name) => join(sources, name)), fileURLToPath(import.meta.url)];
  return inputs.every((input) => statSync(input).mtimeMs < time);
}

/** Compiles one build of the kernels: every source is an entry, memory is imported, nothing is placed in it. */
async function compile(name, features) {
  const file = join(built, `${name}.wasm`);
  if (isCurrent(file)) return;
  const enable = features.flatMap((feature) => ['--enable', feature]);
  const options = ['-O3', '--noAssert', '--importMemory', '--initialMemory', '0', '--runtime', 'stub'];
  const { error, stderr } = await asc.main([...entries, '--outFile', 'out.wasm', ...options, ...enable], {
    readFile: (path) => {
      const full = join(sources, path);
      return statSync(full, { throwIfNoEntry: false })?.isFile() ? readFileSync(full, 'utf8') : null;
    },
    writeFile: (_, contents) => writeFileSync(file, contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`The ${name} kernels do not compile:\n${stderr}`);
}

/** Compiles src/engine/kernels/as into built/plain.wasm and built/relaxed.wasm, where sources are newer than they. */
export async function buildKernels() {
  mkdirSync(built, { recursive: true });
  for (const [name, features] of Object.entries(builds)) await compile(name, features);
}

if (isEntry(import.meta.url)) await buildKernels();
