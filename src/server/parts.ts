import type { Inspector } from '../inspect/inspector.ts';
import type { Files } from '../model/measurer.ts';
import type { DataSource } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import type { ReadOptions } from '../model/reader.ts';
import type { Settings } from './settings.ts';

/** What an engine is opened with; another value of any of these opens another engine. */
export interface EngineChoice {
  readonly backend: Settings['backend'];
  readonly workers: number;
  readonly trusted: boolean;
  readonly nativeFolder?: string;
  /** The interpreter for Python files; found per file when absent. */
  readonly interpreter?: string;
}

/** An inspector with workers behind it. `dispose` ends them, whatever they are doing. */
export interface OpenEngine {
  readonly inspector: Inspector;
  dispose(): Promise<void>;
}

/** The `initscope.json` that holds for a file. */
export interface FoundConfig {
  readonly config: ProjectConfig;
  /** A scan leaves the file out. */
  readonly excluded?: boolean;
  /** What it says of this very file. */
  readonly options: ReadOptions;
  /** The sample of data it names for this file; read in a trusted workspace only. */
  readonly data?: DataSource;
  /** Absolute path; absent when there is none. */
  readonly file?: string;
  readonly problems: readonly Problem[];
}

/** Everything the server does not make itself; tests put doubles here. */
export interface ServerParts {
  readonly version: string;
  readonly files: Files;
  /** What differs once the file is written or replaced; empty when there is none. */
  stampOf(path: string): Promise<string>;
  openEngine(choice: EngineChoice): OpenEngine;
  projectConfig(path: string): Promise<FoundConfig>;
  /** Milliseconds after which a measurement counts as hung: its workers are ended and the person is told. */
  patienceMs(budgetSeconds: number): number;
}
