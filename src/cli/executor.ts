import { join, resolve } from 'node:path';
import { findInterpreter } from '../node/python/interpreter.ts';
import { type RayCluster, RayError, startRay } from '../node/python/ray.ts';
import { packageFolder } from '../node/version.ts';
import { formatSeconds } from '../report/format.ts';
import type { Arguments } from './arguments.ts';
import { type Io, UsageError } from './io.ts';

/** Where Python files are measured: a Ray cluster, this machine's own without an address; or each model spread over ranks of torchrun. */
export type Executor =
  { readonly kind: 'ray'; readonly address?: string } | { readonly kind: 'torchrun'; readonly ranks: number };

/** The executor of a command line; this machine's own processes when undefined. */
export function executorOf(args: Arguments): Executor | undefined {
  const given = args.text('executor');
  if (given === undefined) return undefined;
  const [kind, value] = given.split(/=(.*)/s);
  if (kind === 'ray') return value === undefined || value === '' ? { kind } : { kind, address: value };
  const ranks = Number(value);
  if (kind === 'torchrun' && Number.isInteger(ranks) && ranks >= 2 && ranks <= 64) return { kind, ranks };
  throw new UsageError(
    `--executor is ray, ray=ADDRESS or torchrun=RANKS (2 to 64); found ${JSON.stringify(given)}`,
  );
}

/** The interpreter that `--python` names, as a path where it is one. */
export function pythonPath(asked: string | undefined, cwd: string): string | undefined {
  return asked !== undefined && /[\\/]/.test(asked) ? resolve(cwd, asked) : asked;
}

/** Joins or starts the Ray cluster that is asked for, and says how many workers it has; a UsageError in one line where there is none. */
export async function joinRay(
  { address }: Extract<Executor, { kind: 'ray' }>,
  { python, workers }: { readonly python?: string | undefined; readonly workers?: number | undefined },
  io: Io,
): Promise<RayCluster> {
  const started = performance.now();
  const asked = pythonPath(python, io.cwd);
  try {
    const cluster = await startRay({
      interpreter: findInterpreter(join(io.cwd, 'model.py'), asked, io.env).path,
      probeFolder: join(packageFolder(), 'python'),
      env: io.env,
      signal: io.signal,
      ...(address === undefined ? {} : { address }),
      ...(workers === undefined ? {} : { workers }),
    });
    io.err(`${cluster.about}, ready in ${formatSeconds(performance.now() - started)}\n`);
    return cluster;
  } catch (error) {
    if (error instanceof RayError) throw new UsageError(error.message);
    throw error;
  }
}
