import { createInspector, type Inspector, type StaticReading } from '../../src/inspect/inspector.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import { nodeFiles } from '../../src/node/files.ts';

/** An inspector that reads and predicts, and measures nothing. */
export function readingInspector(): Inspector {
  return createInspector({
    measurer: { measure: () => Promise.reject(new Error('nothing is measured here')) },
    files: nodeFiles,
    version: '',
    machine: '',
    backends: ['wasm'],
    now: () => 0,
  });
}

/** What an inspector reads in this text, without options. */
export function readText(by: Inspector, text: string, path: string): Promise<StaticReading> {
  const config = DEFAULT_PROJECT_CONFIG;
  return by.readStatic({ path, text, options: {}, backend: 'auto', budgetSeconds: 10, config });
}
