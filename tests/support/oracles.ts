import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inRepo } from './root.ts';

/** `torch`: PyTorch and Keras 3 on it. `tf`: TensorFlow and Keras 2 (`tf_keras`). `scale`: Ray and JAX, over those of `torch`. */
export type Oracle = 'torch' | 'tf' | 'scale';

/**
 * The interpreter of an oracle that `npm run oracles` prepared, or null. With CI=true a missing one is an error,
 * so that a test which skips itself on null cannot be skipped there.
 */
export function oraclePython(oracle: Oracle): string | null {
  const text = readFileSync(inRepo('scripts', 'oracles', `${oracle}.txt`));
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const folder = inRepo('.cache', 'oracles', `${oracle}-${hash}`);
  if (existsSync(join(folder, '.complete')))
    return process.platform === 'win32'
      ? join(folder, 'Scripts', 'python.exe')
      : join(folder, 'bin', 'python');
  if (process.env.CI === 'true') throw new Error(`The oracle ${oracle} is missing: npm run oracles`);
  return null;
}

/** What a Python process needs in its environment to be quiet and to use the backend we compare with. */
export const oracleEnv: Readonly<Record<string, string | undefined>> = {
  ...process.env,
  KERAS_BACKEND: 'torch',
  TF_CPP_MIN_LOG_LEVEL: '3',
  TF_ENABLE_ONEDNN_OPTS: '0',
  CUDA_VISIBLE_DEVICES: '-1',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** What a script of tests/oracles prints as lines of JSON; other lines are left out. */
export async function oracleLines<T>(
  python: string,
  script: string,
  args: readonly string[],
): Promise<readonly T[]> {
  const { stdout } = await promisify(execFile)(python, [inRepo('tests', 'oracles', script), ...args], {
    env: oracleEnv,
    maxBuffer: 2 ** 26,
  });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);
}
