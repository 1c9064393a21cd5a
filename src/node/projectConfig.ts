import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import { lineStartsOf } from '../model/linePosition.ts';
import type { DataSource } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import { DEFAULT_PROJECT_CONFIG } from '../model/projectConfig.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import { parseProjectConfig } from './configParser.ts';

/** The name of the file in which a team agrees. */
const CONFIG_NAME = 'initscope.json';

/** A configuration and the folder its globs are relative to. */
export interface FoundConfig {
  readonly config: ProjectConfig;
  readonly folder: string;
  /** Absent when there is none. */
  readonly file?: string;
}

/** A configuration that cannot be used: where, and the line starts of its text. */
export class ConfigError extends InputError {
  readonly file: string;
  readonly lineStarts: readonly number[];

  constructor(file: string, text: string, error: InputError) {
    super({ ...error.problem, file });
    this.name = 'ConfigError';
    this.file = file;
    this.lineStarts = lineStartsOf(text);
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new ConfigError(
      file,
      '',
      new InputError({ message: `the configuration cannot be read: ${String(error)}` }),
    );
  }
}

function parsed(file: string, text: string, knownRules: readonly string[]): FoundConfig {
  try {
    return { config: parseProjectConfig(text, knownRules), folder: dirname(file), file };
  } catch (error) {
    if (error instanceof InputError) throw new ConfigError(file, text, error);
    throw error;
  }
}

/** The configuration in this file. Throws a ConfigError, also when it is missing. */
export async function readProjectConfig(file: string, knownRules: readonly string[]): Promise<FoundConfig> {
  const path = resolve(file);
  const text = await textOf(path);
  if (text === undefined)
    throw new ConfigError(file, '', new InputError({ message: 'there is no such configuration file' }));
  return parsed(path, text, knownRules);
}

/** The nearest `initscope.json` at or above a folder; the defaults, bound to the folder, when there is none. */
export async function findProjectConfig(folder: string, knownRules: readonly string[]): Promise<FoundConfig> {
  let current = resolve(folder);
  for (;;) {
    const file = join(current, CONFIG_NAME);
    const text = await textOf(file);
    if (text !== undefined) return parsed(file, text, knownRules);
    const above = dirname(current);
    if (above === current) return { config: DEFAULT_PROJECT_CONFIG, folder: resolve(folder) };
    current = above;
  }
}

/** Whether a path matches a glob of a configuration: relative to its folder, or by file name when the glob has no slash. */
export function matchesGlob(found: FoundConfig, pattern: string, path: string): boolean {
  const name = relative(found.folder, resolve(path)).replaceAll('\\', '/');
  return picomatch(pattern.replace(/^\.\//, ''), { dot: true, basename: !pattern.includes('/') })(name);
}

/** What the configuration says of one file: its entries of `files` merged in order, later ones winning. */
export function fileSettings(found: FoundConfig, path: string): Partial<ProjectConfig['files'][number]> {
  const entries = found.config.files.filter(({ pattern }) => matchesGlob(found, pattern, path));
  return Object.assign({}, ...entries) as Partial<ProjectConfig['files'][number]>;
}

/** The data that the configuration names for a file; its paths are relative to the configuration's folder. */
export function projectData(found: FoundConfig, path: string): DataSource | undefined {
  const { data } = fileSettings(found, path);
  if (data === undefined) return undefined;
  const placed = (text: string) => {
    const split = text.lastIndexOf('=');
    return text.slice(0, split + 1) + relative('.', resolve(found.folder, text.slice(split + 1)));
  };
  return {
    inputs: data.inputs.map(placed),
    ...(data.labels === undefined ? {} : { labels: placed(data.labels) }),
  };
}

/** The configuration as it holds for one file: ignores for other files are left out, so that globs need no folder any more. */
export function configFor(found: FoundConfig, path: string): ProjectConfig {
  const { ignore, ...rest } = found.config;
  const kept = ignore.filter(({ file }) => file === undefined || matchesGlob(found, file, path));
  return { ...rest, ignore: kept.map(({ file: _file, ...entry }) => entry) };
}
