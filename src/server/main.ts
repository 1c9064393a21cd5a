import { cpus } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'vscode-languageserver/node';
import { createInspector } from '../inspect/inspector.ts';
import { RULE_INFO } from '../inspect/ruleList.ts';
import { createDiskCache } from '../node/cache.ts';
import { nodeFiles } from '../node/files.ts';
import { fileStamp } from '../node/fileStamp.ts';
import { hasNativeBackend } from '../node/nativeBackend.ts';
import { createPool } from '../node/pool.ts';
import { withinMemory } from '../node/withinMemory.ts';
import { createPythonHost } from '../node/python/host.ts';
import { createSourceHost } from '../node/sourceHost.ts';
import { packageFolder, packageVersion, programStamp } from '../node/version.ts';
import type { EngineChoice, OpenEngine, ServerParts } from './parts.ts';
import { projectConfigFor } from './projectConfig.ts';
import { startServer } from './startServer.ts';

function machineText(): string {
  const all = cpus();
  return `${process.platform} ${process.arch}, ${all.length} × ${all[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`;
}

/** The inspector over real workers. */
function openEngine(choice: EngineChoice): OpenEngine {
  const version = packageVersion();
  const nativeFolders = choice.nativeFolder === undefined ? [] : [choice.nativeFolder];
  const native = choice.trusted && hasNativeBackend(nativeFolders);
  const pool = createPool({
    workerPath: join(packageFolder(), 'dist', 'worker.cjs'),
    ...(choice.workers === 0 ? {} : { workers: choice.workers }),
    nativeFolders,
  });
  const python = choice.trusted
    ? createPythonHost({
        probeFolder: join(packageFolder(), 'python'),
        cwd: process.cwd(),
        ...(choice.interpreter === undefined ? {} : { interpreter: choice.interpreter }),
      })
    : undefined;
  const sources = createSourceHost({ workerPath: join(packageFolder(), 'dist', 'sources.cjs') });
  const inspector = createInspector({
    measurer: withinMemory(pool),
    prober: pool,
    scanner: pool,
    files: nodeFiles,
    sources,
    version,
    machine: machineText(),
    backends: native ? ['tensorflow', 'wasm', 'cpu'] : ['wasm', 'cpu'],
    now: () => performance.now(),
    cache: createDiskCache(programStamp()),
    ...(python === undefined ? {} : { python }),
  });
  return {
    inspector,
    dispose: async () => {
      await Promise.all([pool.dispose(), python?.dispose(), sources.dispose()]);
    },
  };
}

const ruleIds = Object.keys(RULE_INFO);

const parts: ServerParts = {
  version: packageVersion(),
  files: nodeFiles,
  stampOf: fileStamp,
  openEngine,
  projectConfig: (path) => projectConfigFor(path, ruleIds),
  patienceMs: (budgetSeconds) => budgetSeconds * 10_000 + 60_000,
};

startServer(createConnection(), parts);
