import type { Baseline } from '../inspect/request.ts';
import { ConfigError } from '../node/projectConfig.ts';
import type { Problem } from '../model/problem.ts';
import type { ReportSet } from '../model/report.ts';
import type { CollectedFile } from './collectFiles.ts';
import type { RequestChoices } from './inspectOptions.ts';
import type { Io } from './io.ts';
import { progressLine } from './progressLine.ts';
import type { Session } from './session.ts';

/** What a call over many files gave. */
export interface InspectedAll {
  readonly set: ReportSet;
  readonly badInput: boolean;
  readonly fault: boolean;
}

/** How the files of a call are inspected. */
export interface InspectAllOptions {
  readonly choices: RequestChoices;
  readonly baseline?: Baseline | undefined;
  readonly quiet: boolean;
  /** Called as soon as a file is done, in the order of the files. */
  readonly onFile?: (set: ReportSet) => void;
}

const EMPTY: ReportSet = { rules: {}, reports: [], skipped: [], errors: [], lineStarts: {} };

/** Two results as one, in order. */
export function joined(a: ReportSet, b: ReportSet): ReportSet {
  return {
    rules: { ...a.rules, ...b.rules },
    reports: [...a.reports, ...b.reports],
    skipped: [...a.skipped, ...b.skipped],
    errors: [...a.errors, ...b.errors],
    lineStarts: { ...a.lineStarts, ...b.lineStarts },
  };
}

/** A result that is nothing but problems. */
export function onlyProblems(
  errors: readonly Problem[],
  lineStarts: ReportSet['lineStarts'] = {},
): ReportSet {
  return { ...EMPTY, errors, lineStarts };
}

function faultOf(file: string, error: unknown, io: Io): Problem {
  if (io.env['INITSCOPE_DEBUG'] && error instanceof Error) io.err(`${error.stack ?? error.message}\n`);
  const message = error instanceof Error ? error.message : String(error);
  return {
    file,
    severity: 'error',
    message: `a fault of ours: ${message}`,
    hint: 'please report it with the file (INITSCOPE_DEBUG=1 shows where)',
  };
}

/** Inspects file after file; a file's bad input or a fault of ours is one line, and the others still run. */
export async function inspectAll(
  session: Session,
  files: readonly CollectedFile[],
  problems: readonly Problem[],
  io: Io,
  options: InspectAllOptions,
): Promise<InspectedAll> {
  const progress = progressLine(io, options.quiet);
  let set = onlyProblems(problems);
  if (problems.length > 0) options.onFile?.(set);
  let badInput = problems.length > 0;
  let fault = false;
  const reported = new Set<ConfigError>();
  const add = (more: ReportSet) => {
    progress.clear();
    set = joined(set, more);
    options.onFile?.(more);
  };
  for (const file of files) {
    const { path } = file;
    io.signal.throwIfAborted();
    try {
      const request = await session.request(file, options.choices, options.baseline);
      if (request === undefined) continue;
      const result = await session.inspector.inspect(request, io.signal, (step) => {
        progress.show(path, step);
      });
      if (file.named && result.errors.some(({ severity }) => severity === 'error')) badInput = true;
      add(result);
    } catch (error) {
      io.signal.throwIfAborted();
      if (error instanceof ConfigError) {
        badInput = true;
        if (reported.has(error)) continue;
        reported.add(error);
        const problem: Problem = { severity: 'error', ...error.problem, file: error.file };
        add(onlyProblems([problem], { [error.file]: error.lineStarts }));
      } else {
        fault = true;
        add(onlyProblems([faultOf(path, error, io)]));
      }
    }
  }
  progress.clear();
  return { set, badInput, fault };
}
