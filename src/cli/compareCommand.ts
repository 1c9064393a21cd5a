import type { ComparisonSet } from '../model/comparison.ts';
import { comparisonCsv, comparisonJson, comparisonMarkdown, comparisonText } from '../report/comparison.ts';
import { parseArguments } from './arguments.ts';
import { collectFiles } from './collectFiles.ts';
import { eachFile } from './eachFile.ts';
import { oneFormat, save } from './inspectCommand.ts';
import { MODEL_OPTIONS, requestChoices } from './inspectOptions.ts';
import { EXIT, UsageError } from './io.ts';
import type { Io } from './io.ts';
import { openSession, RULE_IDS } from './session.ts';

const OPTIONS = {
  ...MODEL_OPTIONS,
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  markdown: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  quiet: { type: 'boolean', short: 'q' },
} as const;

/** `initscope compare`: every sensible initializer on each model of the files, ranked; the exit code. */
export async function compareCommand(argv: readonly string[], io: Io): Promise<number> {
  const args = parseArguments(argv, OPTIONS);
  const format = oneFormat(args, ['json', 'csv', 'markdown']) ?? 'text';
  if (args.positionals.length === 0) throw new UsageError('compare needs a file');
  const choices = requestChoices(args, RULE_IDS);
  const { files, problems } = await collectFiles(io.cwd, args.positionals);
  const workers = args.number('workers', 1, 64, true);
  const session = openSession({ cwd: io.cwd, config: args.text('config'), workers, cache: false });
  try {
    const done = await eachFile(
      session,
      files,
      problems,
      io,
      { choices, quiet: args.flag('quiet') },
      (request, onProgress) => session.inspector.compare(request, io.signal, onProgress),
    );
    const { errors, lineStarts } = done;
    const comparisons = done.results.flatMap(({ comparisons: own }) => own);
    const whole: ComparisonSet = { comparisons, errors, lineStarts };
    const content =
      format === 'json'
        ? `${JSON.stringify(comparisonJson(whole, session.version), undefined, 2)}\n`
        : format === 'csv'
          ? comparisonCsv(whole)
          : format === 'markdown'
            ? comparisonMarkdown(whole)
            : comparisonText(whole);
    const output = args.text('output');
    if (output === undefined) io.out(content);
    else await save(io, output, content);
    return done.fault ? EXIT.fault : done.badInput ? EXIT.usage : EXIT.ok;
  } finally {
    await session.close();
  }
}
