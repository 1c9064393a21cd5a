import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Baseline, Inspector, InspectRequest } from '../inspect/request.ts';
import { createInspector } from '../inspect/inspector.ts';
import { RULE_INFO } from '../inspect/ruleList.ts';
import type { Files } from '../model/measurer.ts';
import type { ReadOptions } from '../model/reader.ts';
import { createDiskCache } from '../node/cache.ts';
import { nodeFiles } from '../node/files.ts';
import { hasNativeBackend } from '../node/nativeBackend.ts';
import { createPool } from '../node/pool.ts';
import { createPythonHost } from '../node/python/host.ts';
import { createSourceHost } from '../node/sourceHost.ts';
import {
  configFor,
  fileSettings,
  findProjectConfig,
  matchesGlob,
  projectData,
  readProjectConfig,
} from '../node/projectConfig.ts';
import type { FoundConfig } from '../node/projectConfig.ts';
import { withinMemory } from '../node/withinMemory.ts';
import { packageFolder, packageVersion, programStamp } from '../node/version.ts';
import type { Arguments } from './arguments.ts';
import { type Executor, executorOf, joinRay, pythonPath } from './executor.ts';
import type { CollectedFile } from './collectFiles.ts';
import { present } from './inspectOptions.ts';
import type { RequestChoices } from './inspectOptions.ts';
import type { Io } from './io.ts';

/** Everything a command that reads or measures models works with; `close` ends the workers. */
export interface Session {
  readonly inspector: Inspector;
  readonly files: Files;
  readonly version: string;
  /** Files that are worth taking side by side. */
  readonly filesAtOnce: number;
  /**
   * The request for one file: the command line's choices over the project's for that file; undefined for a file found in a
   * folder that the project excludes. Rejects with a ConfigError.
   */
  request(
    file: CollectedFile,
    choices: RequestChoices,
    baseline?: Baseline,
  ): Promise<InspectRequest | undefined>;
  close(): Promise<void>;
}

/** How a session is opened. */
interface SessionOptions {
  readonly cwd: string;
  readonly config?: string | undefined;
  readonly workers?: number | undefined;
  readonly cache: boolean;
  /** The interpreter for Python files; otherwise the active environment's, or the nearest `.venv`. */
  readonly python?: string | undefined;
  readonly executor?: Executor | undefined;
}

/** The session that a command line asks for. Throws a UsageError when the number of workers is none. */
export function sessionOptions(args: Arguments, io: Io, cache: boolean): SessionOptions {
  return {
    python: args.text('python'),
    executor: executorOf(args),
    cwd: io.cwd,
    config: args.text('config'),
    workers: args.number('workers', 1, 64, true),
    cache,
  };
}

/** The rules that exist, for options and configurations. */
export const RULE_IDS: readonly string[] = Object.keys(RULE_INFO);

function machineText(): string {
  const [first] = cpus();
  return `${process.platform} ${process.arch}, ${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`;
}

function finder(options: SessionOptions): (path: string) => Promise<FoundConfig> {
  const { config, cwd } = options;
  if (config !== undefined) {
    const fixed = readProjectConfig(resolve(cwd, config), RULE_IDS);
    fixed.catch(() => undefined);
    return () => fixed;
  }
  const byFolder = new Map<string, Promise<FoundConfig>>();
  return (path) => {
    const folder = dirname(resolve(cwd, path));
    const found = byFolder.get(folder) ?? findProjectConfig(folder, RULE_IDS);
    byFolder.set(folder, found);
    return found;
  };
}

/** Opens a session: workers start when something is first measured. Rejects with a UsageError where the executor asked for is not to be had. */
export async function openSession(options: SessionOptions, io: Io): Promise<Session> {
  const version = packageVersion();
  const nativeFolders = [options.cwd, packageFolder()];
  const pool = createPool({
    workerPath: join(packageFolder(), 'dist', 'worker.cjs'),
    nativeFolders,
    ...(options.workers === undefined ? {} : { workers: options.workers }),
  });
  const find = finder(options);
  const { executor } = options;
  const ray = executor?.kind === 'ray' ? await joinRay(executor, options, io) : undefined;
  const interpreter = pythonPath(options.python, options.cwd);
  const python = createPythonHost({
    probeFolder: join(packageFolder(), 'python'),
    cwd: options.cwd,
    ...(interpreter === undefined ? {} : { interpreter }),
    ...(ray === undefined ? {} : { ray }),
    ...(executor?.kind === 'torchrun' ? { ranks: executor.ranks, keep: 1 } : {}),
  });
  const sources = createSourceHost({ workerPath: join(packageFolder(), 'dist', 'sources.cjs') });
  const inspector = createInspector({
    measurer: withinMemory(pool),
    prober: pool,
    scanner: pool,
    files: nodeFiles,
    sources,
    version,
    machine: machineText(),
    backends: hasNativeBackend(nativeFolders) ? ['tensorflow', 'wasm', 'cpu'] : ['wasm', 'cpu'],
    now: () => performance.now(),
    python,
    ...(options.cache ? { cache: createDiskCache(programStamp()) } : {}),
  });
  return {
    inspector,
    files: nodeFiles,
    version,
    filesAtOnce: python.slots ?? 1,
    request: async ({ path, named }, choices, baseline) => {
      const found = await find(path);
      if (!named && found.config.exclude.some((pattern) => matchesGlob(found, pattern, path)))
        return undefined;
      const { inputShapes, params, semantics, loss } = fileSettings(found, path);
      const data = projectData(found, path);
      const readOptions = present<ReadOptions>({
        semantics: choices.options.semantics ?? semantics,
        loss: choices.options.loss ?? loss,
        inputShapes:
          inputShapes || choices.options.inputShapes
            ? { ...inputShapes, ...choices.options.inputShapes }
            : undefined,
        params: params || choices.options.params ? { ...params, ...choices.options.params } : undefined,
      });
      const { seeds, batch } = found.config;
      return {
        ...present<Pick<InspectRequest, 'seeds' | 'batch' | 'baseline' | 'data'>>({
          ...{ seeds, batch, baseline, data },
        }),
        ...choices,
        options: readOptions,
        path,
        found: !named,
        config: configFor(found, path),
      };
    },
    close: async () => {
      await Promise.all([pool.dispose(), python.dispose(), sources.dispose()]);
    },
  };
}
