import { dirname, resolve } from 'node:path';
import type { Problem } from '../model/problem.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import type { ReadOptions } from '../model/reader.ts';
import {
  configFor,
  fileSettings,
  findProjectConfig,
  matchesGlob,
  projectData,
} from '../node/projectConfig.ts';
import type { FoundConfig } from './parts.ts';

const NONE: ProjectConfig = { rules: {}, ignore: [], exclude: [], files: [] };

/** An error that carries a Problem, whichever bundle's class made it. */
function problemOf(error: unknown): Omit<Problem, 'severity'> | undefined {
  if (!(error instanceof Error) || !('problem' in error)) return undefined;
  const problem = error.problem as Partial<Problem>;
  return { file: '', message: error.message, ...problem };
}

function readOptions(settings: Partial<ProjectConfig['files'][number]>): ReadOptions {
  const { semantics, inputShapes, loss, params } = settings;
  return {
    ...(semantics === undefined ? {} : { semantics }),
    ...(inputShapes === undefined ? {} : { inputShapes }),
    ...(loss === undefined ? {} : { loss }),
    ...(params === undefined ? {} : { params }),
  };
}

/** The configuration that holds for a file. One that cannot be used is named in `problems` and counts as none. */
export async function projectConfigFor(path: string, rules: readonly string[]): Promise<FoundConfig> {
  const folder = dirname(resolve(path));
  try {
    const found = await findProjectConfig(folder, rules);
    const data = projectData(found, path);
    return {
      config: configFor(found, path),
      options: readOptions(fileSettings(found, path)),
      problems: [],
      excluded: found.config.exclude.some((pattern) => matchesGlob(found, pattern, path)),
      ...(data === undefined ? {} : { data }),
      ...(found.file === undefined ? {} : { file: found.file }),
    };
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    const problems: Problem[] = [{ ...problem, severity: 'error' }];
    return { config: NONE, options: {}, problems, ...(problem.file === '' ? {} : { file: problem.file }) };
  }
}
