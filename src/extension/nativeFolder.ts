import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtensionContext } from 'vscode';
import * as vscode from 'vscode';

/** The folder that Install Native Backend uses. */
export function installFolder(context: ExtensionContext): string {
  return join(context.globalStorageUri.fsPath, 'native');
}

/** The folder whose node_modules hold a native backend the person chose; undefined in a restricted workspace or when there is none. */
export function nativeFolder(context: ExtensionContext): string | undefined {
  if (!vscode.workspace.isTrusted) return undefined;
  const named = vscode.workspace.getConfiguration('initscope').get('native.path');
  const candidates = [typeof named === 'string' && named !== '' ? named : undefined, installFolder(context)];
  return candidates.find(
    (folder) => folder !== undefined && existsSync(join(folder, 'node_modules', '@tensorflow', 'tfjs-node')),
  );
}
