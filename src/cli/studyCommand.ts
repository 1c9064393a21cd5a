import type { InspectProgress, InspectRequest } from '../inspect/request.ts';
import type { Arguments } from './arguments.ts';
import { collectFiles } from './collectFiles.ts';
import { eachFile } from './eachFile.ts';
import type { EachFile, FileResult } from './eachFile.ts';
import { NO_MODEL, oneFormat, save } from './inspectCommand.ts';
import { MODEL_OPTIONS, type RequestChoices } from './inspectOptions.ts';
import { EXIT, UsageError } from './io.ts';
import type { Io } from './io.ts';
import { openSession, sessionOptions } from './session.ts';
import type { Session } from './session.ts';

/** What every study is asked, besides its own options. */
export const STUDY_OPTIONS = {
  ...MODEL_OPTIONS,
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  quiet: { type: 'boolean', short: 'q' },
} as const;

/** How a study's results are written, by format. */
interface Writers<S> {
  json(set: S, version: string): unknown;
  csv?(set: S): string;
  markdown(set: S): string;
  text(set: S): string;
}

/** What writes the results in the format asked for, as text when none is. Throws a UsageError for two formats. */
export function chosenWriter<S>(args: Arguments, writers: Writers<S>): (set: S, version: string) => string {
  const { json, csv, markdown, text } = writers;
  switch (oneFormat(args, csv === undefined ? ['json', 'markdown'] : ['json', 'csv', 'markdown'])) {
    case 'json':
      return (set, version) => `${JSON.stringify(json(set, version), undefined, 2)}\n`;
    case 'csv':
      return csv ?? text;
    case 'markdown':
      return markdown;
    case undefined:
      return text;
  }
}

/** A study of models (compare, probe, scan): what is done with each file, and how everything done is written. */
export interface Study<T extends FileResult> {
  readonly name: string;
  /** Whether it trains, which nothing does over the ranks of torchrun. */
  readonly trains?: boolean;
  readonly choices: RequestChoices;
  act(session: Session, request: InspectRequest, onProgress: (step: InspectProgress) => void): Promise<T>;
  write(done: EachFile<T>, version: string): string;
  /** Another file that is asked for besides, by its path. */
  page?: { readonly path: string; content(done: EachFile<T>): Promise<string | undefined> };
}

/** Runs a study over the named files and writes it once; the exit code. Studies are never read from the cache. */
export async function runStudy<T extends FileResult>(
  args: Arguments,
  io: Io,
  study: Study<T>,
): Promise<number> {
  if (args.positionals.length === 0) throw new UsageError(`${study.name} needs a file`);
  const options = sessionOptions(args, io, false);
  if (study.trains === true && options.executor?.kind === 'torchrun')
    throw new UsageError(
      `${study.name} trains, which one process does: leave --executor torchrun out, or spread it with --executor ray`,
    );
  const { files, problems } = await collectFiles(io.cwd, args.positionals);
  const session = await openSession(options, io);
  try {
    const done = await eachFile(
      session,
      files,
      problems,
      io,
      { choices: study.choices, quiet: args.flag('quiet') },
      (request, onProgress) => study.act(session, request, onProgress),
    );
    if (done.results.length === 0 && done.errors.length === 0) io.err(NO_MODEL);
    const { page } = study;
    const shown = await page?.content(done);
    if (page !== undefined && shown !== undefined) await save(io, page.path, shown);
    const content = study.write(done, session.version);
    const output = args.text('output');
    if (output === undefined) io.out(content);
    else await save(io, output, content);
    return done.fault ? EXIT.fault : done.badInput ? EXIT.usage : EXIT.ok;
  } finally {
    await session.close();
  }
}
