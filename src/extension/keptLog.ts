import { formatWithOptions } from 'node:util';
import * as vscode from 'vscode';

const KEPT = 100;
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** A log channel that remembers its last lines: where a VS Code writes its logs, and whether it does, differs. */
export interface KeptLog extends vscode.LogOutputChannel {
  /** The last lines of level debug and above, with time and level, whatever level is shown. */
  readonly lastLines: readonly string[];
}

/** Creates a log channel of this name. */
export function createKeptLog(name: string): KeptLog {
  const channel = vscode.window.createOutputChannel(name, { log: true });
  const lastLines: string[] = [];
  const keeping = (level: (typeof LEVELS)[number]) => ({
    writable: true,
    value: (message: string | Error, ...more: unknown[]): void => {
      const text = formatWithOptions({ colors: false }, message, ...more);
      lastLines.push(...`${new Date().toISOString()} [${level}] ${text}`.split('\n'));
      lastLines.splice(0, lastLines.length - KEPT);
      if (message instanceof Error) channel.error(message, ...more);
      else channel[level](message, ...more);
    },
  });
  return Object.create(channel, {
    lastLines: { value: lastLines },
    ...Object.fromEntries(LEVELS.map((level) => [level, keeping(level)])),
  }) as KeptLog;
}
