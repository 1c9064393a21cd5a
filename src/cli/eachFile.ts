import { ahead } from '../inspect/ahead.ts';
import type { Baseline, InspectProgress, InspectRequest } from '../inspect/request.ts';
import type { Problem } from '../model/problem.ts';
import type { ReportSet } from '../model/report.ts';
import { ConfigError } from '../node/projectConfig.ts';
import { problemText } from '../report/reportText.ts';
import { withoutControls } from '../report/withoutControls.ts';
import type { CollectedFile } from './collectFiles.ts';
import type { RequestChoices } from './inspectOptions.ts';
import type { Io } from './io.ts';
import { progressLine } from './progressLine.ts';
import type { Session } from './session.ts';

type LineStarts = ReportSet['lineStarts'];

/** What every result of a file has: what could not be used, and the lines it points into. */
export interface FileResult {
  readonly errors: readonly Problem[];
  readonly lineStarts: LineStarts;
}

/** How a call over files went: every problem in order, those of the call itself first. */
export interface EachFile<T> extends FileResult {
  readonly results: readonly T[];
  /** A named file or the configuration could not be used. */
  readonly badInput: boolean;
  /** Something of ours broke. */
  readonly fault: boolean;
}

/** How the files of a call are taken. */
interface EachFileOptions {
  readonly choices: RequestChoices;
  readonly baseline?: Baseline | undefined;
  readonly quiet: boolean;
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

/**
 * Takes file after file through `act`. A file's bad input or a fault of ours is one line on standard error, and the others still
 * run; rejects only when interrupted.
 */
export async function eachFile<T extends FileResult>(
  session: Session,
  files: readonly CollectedFile[],
  problems: readonly Problem[],
  io: Io,
  options: EachFileOptions,
  act: (request: InspectRequest, onProgress: (step: InspectProgress) => void) => Promise<T>,
  onResult: (result: T) => void = () => undefined,
): Promise<EachFile<T>> {
  const progress = progressLine(io, options.quiet);
  const results: T[] = [];
  const errors: Problem[] = [];
  const reported = new Set<ConfigError>();
  let lineStarts: LineStarts = {};
  let badInput = problems.length > 0;
  let fault = false;
  const tell = (more: readonly Problem[], starts: LineStarts) => {
    progress.clear();
    errors.push(...more);
    lineStarts = { ...lineStarts, ...starts };
    for (const problem of more) io.err(`${withoutControls(problemText({ lineStarts: starts }, problem))}\n`);
  };
  tell(problems, {});
  const take = async (file: CollectedFile): Promise<T | undefined> => {
    const request = await session.request(file, options.choices, options.baseline);
    if (request === undefined) return undefined;
    return act(request, (step) => {
      progress.show(file.path, step);
    });
  };
  const taken = ahead(files, session.filesAtOnce, take);
  for (const file of files) {
    io.signal.throwIfAborted();
    try {
      const result = await taken();
      if (result === undefined) continue;
      if (file.named && result.errors.some(({ severity }) => severity === 'error')) badInput = true;
      tell(result.errors, result.lineStarts);
      results.push(result);
      onResult(result);
    } catch (error) {
      io.signal.throwIfAborted();
      if (error instanceof ConfigError) {
        badInput = true;
        if (reported.has(error)) continue;
        reported.add(error);
        tell([{ severity: 'error', ...error.problem, file: error.file }], { [error.file]: error.lineStarts });
      } else {
        fault = true;
        tell([faultOf(file.path, error, io)], {});
      }
    }
  }
  progress.clear();
  return { results, errors, lineStarts, badInput, fault };
}
