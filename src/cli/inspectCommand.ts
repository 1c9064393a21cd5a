import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ReportSet } from '../model/report.ts';
import { jsonDocument } from '../report/json.ts';
import { markdownReport } from '../report/markdown.ts';
import { sarifDocument } from '../report/sarif.ts';
import { textReport } from '../report/text.ts';
import type { TextOptions } from '../report/text.ts';
import { parseArguments } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { readBaseline } from './baseline.ts';
import { collectFiles } from './collectFiles.ts';
import { exitCode } from './exitCode.ts';
import type { FailOn } from './exitCode.ts';
import { eachFile } from './eachFile.ts';
import { htmlPage } from './htmlPage.ts';
import { MODEL_OPTIONS, requestChoices } from './inspectOptions.ts';
import { UsageError, wantsColor } from './io.ts';
import type { Io } from './io.ts';
import { listModels } from './listModels.ts';
import { openSession, RULE_IDS, sessionOptions } from './session.ts';

/** Said where a folder or pattern holds nothing to inspect, which is no error. */
export const NO_MODEL = 'no model was found in what was given\n';

const OPTIONS = {
  ...MODEL_OPTIONS,
  json: { type: 'boolean' },
  sarif: { type: 'boolean' },
  markdown: { type: 'boolean' },
  html: { type: 'string' },
  output: { type: 'string', short: 'o' },
  baseline: { type: 'string' },
  'fail-on': { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  'all-layers': { type: 'boolean' },
  'predict-only': { type: 'boolean' },
  'list-models': { type: 'boolean' },
} as const;

type Format = 'text' | 'json' | 'sarif' | 'markdown';

/** The one format asked for, of those a command has. Throws a UsageError when there are several. */
export function oneFormat<T extends string>(args: Arguments, formats: readonly T[]): T | undefined {
  const chosen = formats.filter((name) => args.flag(name));
  if (chosen.length > 1) throw new UsageError(`--${chosen.join(' and --')} exclude one another`);
  return chosen[0];
}

/** The results of several files as one, in order, with every problem of the call. */
export function joined(
  sets: readonly ReportSet[],
  { errors, lineStarts }: Pick<ReportSet, 'errors' | 'lineStarts'>,
): ReportSet {
  return {
    rules: Object.assign({}, ...sets.map(({ rules }) => rules)) as ReportSet['rules'],
    reports: sets.flatMap(({ reports }) => reports),
    skipped: sets.flatMap(({ skipped }) => skipped),
    errors,
    lineStarts,
  };
}

/** A report set in the format asked for. */
export function written(set: ReportSet, format: Format, version: string, text: TextOptions): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(jsonDocument(set, version), undefined, 2)}\n`;
    case 'sarif':
      return `${JSON.stringify(sarifDocument(set, version), undefined, 2)}\n`;
    case 'markdown':
      return markdownReport(set);
    case 'text':
      return textReport(set, text);
  }
}

/** Writes a result to the file of `--output`. Throws a UsageError when it cannot. */
export async function save(io: Io, path: string, content: string, option = '--output'): Promise<void> {
  try {
    await writeFile(resolve(io.cwd, path), content);
  } catch (error) {
    throw new UsageError(
      `${option} ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** `initscope inspect`: files to reports in the format asked for; the exit code. */
export async function inspectCommand(argv: readonly string[], io: Io): Promise<number> {
  const args = parseArguments(argv, OPTIONS);
  const format: Format = oneFormat(args, ['json', 'sarif', 'markdown']) ?? 'text';
  const failOn = args.choice<FailOn>('fail-on', ['error', 'warning', 'never']) ?? 'error';
  const output = args.text('output');
  const html = args.text('html');
  if (html !== undefined && args.flag('list-models'))
    throw new UsageError('--html and --list-models exclude one another');
  if (html !== undefined && output !== undefined && resolve(io.cwd, html) === resolve(io.cwd, output))
    throw new UsageError('--html and --output name the same file');
  const quiet = args.flag('quiet');
  const choices = requestChoices(args, RULE_IDS);
  const options = sessionOptions(args, io, !args.flag('no-cache'));
  if (args.positionals.length === 0) throw new UsageError('inspect needs a file, a folder or a pattern');
  const baselinePath = args.text('baseline');
  const baseline = baselinePath === undefined ? undefined : await readBaseline(io.cwd, baselinePath);
  const { files, problems } = await collectFiles(io.cwd, args.positionals);
  const color = output === undefined && wantsColor(io);
  const text: TextOptions = { color, allLayers: args.flag('all-layers'), quiet };
  const session = await openSession(options, io);
  try {
    if (args.flag('list-models')) return await listModels(session, files, choices, io);
    let any = false;
    const streams = format === 'text' && output === undefined;
    const done = await eachFile(
      session,
      files,
      problems,
      io,
      { choices, baseline, quiet },
      (request, onProgress) =>
        session.inspector.inspect(
          html === undefined ? request : { ...request, distributions: true },
          io.signal,
          onProgress,
        ),
      (set) => {
        if (!streams) return;
        const block = textReport(set, text);
        if (block !== '') io.out(any ? `\n${block}` : block);
        any ||= block !== '';
      },
    );
    const set = joined(done.results, done);
    if (html !== undefined) {
      const page = await htmlPage(set);
      if (page === undefined) io.err(`${html} was not written: there is no report to show\n`);
      else await save(io, html, page, '--html');
    }
    if (!streams) {
      const content = written(set, format, session.version, text);
      if (output === undefined) io.out(content);
      else await save(io, output, content);
    } else if (!any && set.errors.length === 0) io.err(NO_MODEL);
    return exitCode({ ...done, reports: set.reports }, failOn);
  } finally {
    await session.close();
  }
}
