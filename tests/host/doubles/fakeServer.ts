import { readFile, stat } from 'node:fs/promises';
import { createConnection } from 'vscode-languageserver/node';
import { fileStamp } from '../../../src/node/fileStamp.ts';
import type { ServerParts } from '../../../src/server/parts.ts';
import { projectConfigFor } from '../../../src/server/projectConfig.ts';
import { startServer } from '../../../src/server/startServer.ts';
import { fakeInspector } from '../../support/fakeInspector.ts';

/** A server whose inspector is the stand-in: it can crash, hang and die on demand, and needs no engine. */
const parts: ServerParts = {
  version: '0.0.0',
  files: {
    size: async (path) => (await stat(path)).size,
    read: async (path, start = 0, end) => (await readFile(path)).subarray(start, end),
    beside: () => undefined,
    exists: (path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
  },
  stampOf: fileStamp,
  openEngine: () => ({ inspector: fakeInspector(), dispose: () => Promise.resolve() }),
  projectConfig: (path) => projectConfigFor(path, ['vanishing-gradient']),
  // More than a busy machine makes of any measurement but the one that hangs.
  patienceMs: () => 10_000,
};

startServer(createConnection(), parts);
