import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageFolder } from '../node/version.ts';
import { UsageError } from './io.ts';
import type { Io } from './io.ts';

const TRANSPORTS = /^--(?:stdio|node-ipc|socket=\d+|pipe=.+)$/;

/** Becomes the language server for an editor: `initscope server --stdio`. The process ends when the editor says so. */
export async function serverCommand(argv: readonly string[], _io: Io): Promise<number> {
  if (!argv.some((word) => TRANSPORTS.test(word)))
    throw new UsageError('server needs a transport: initscope server --stdio');
  const folder = packageFolder();
  createRequire(join(folder, 'package.json'))(join(folder, 'dist', 'server.cjs'));
  return new Promise(() => {});
}
