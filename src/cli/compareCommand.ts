import type { ComparisonSet } from '../model/comparison.ts';
import { comparisonCsv, comparisonJson, comparisonMarkdown, comparisonText } from '../report/comparison.ts';
import { parseArguments } from './arguments.ts';
import { requestChoices } from './inspectOptions.ts';
import type { Io } from './io.ts';
import { RULE_IDS } from './session.ts';
import { chosenWriter, runStudy, STUDY_OPTIONS } from './studyCommand.ts';

const OPTIONS = {
  ...STUDY_OPTIONS,
  csv: { type: 'boolean' },
} as const;

/** `initscope compare`: every sensible initializer on each model of the files, ranked; the exit code. */
export async function compareCommand(argv: readonly string[], io: Io): Promise<number> {
  const args = parseArguments(argv, OPTIONS);
  const write = chosenWriter<ComparisonSet>(args, {
    json: comparisonJson,
    csv: comparisonCsv,
    markdown: comparisonMarkdown,
    text: comparisonText,
  });
  return runStudy(args, io, {
    name: 'compare',
    choices: requestChoices(args, RULE_IDS),
    act: (session, request, onProgress) => session.inspector.compare(request, io.signal, onProgress),
    write: ({ results, errors, lineStarts }, version) =>
      write({ comparisons: results.flatMap(({ comparisons }) => comparisons), errors, lineStarts }, version),
  });
}
