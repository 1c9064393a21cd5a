import { cpus } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'vscode-languageserver/node';
import { createInspector } from '../inspect/inspector.ts';
import { RULE_INFO } from '../inspect/ruleList.ts';
import { availableBackends } from '../node/availableBackends.ts';
import { createDiskCache } from '../node/cache.ts';
import { nodeFiles } from '../node/files.ts';
import { createPool } from '../node/pool.ts';
import { packageFolder, packageVersion } from '../node/version.ts';
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
  const pool = createPool({
    workerPath: join(packageFolder(), 'dist', 'worker.cjs'),
    ...(choice.workers === 0 ? {} : { workers: choice.workers }),
    ...(choice.nativeFolder === undefined ? {} : { nativeFolders: [choice.nativeFolder] }),
  });
  const backends = availableBackends().filter((backend) => choice.trusted || backend !== 'tensorflow');
  const inspector = createInspector({
    measurer: pool,
    files: nodeFiles,
    version,
    machine: machineText(),
    backends,
    now: () => performance.now(),
    cache: createDiskCache(version),
  });
  return { inspector, dispose: () => pool.dispose() };
}

const ruleIds = Object.keys(RULE_INFO);

const parts: ServerParts = {
  version: packageVersion(),
  files: nodeFiles,
  openEngine,
  projectConfig: (path) => projectConfigFor(path, ruleIds),
  patienceMs: (budgetSeconds) => budgetSeconds * 10_000 + 60_000,
};

startServer(createConnection(), parts);
