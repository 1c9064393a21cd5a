import type { ComparisonSet } from '../model/comparison.ts';
import { comparisonCsv, comparisonJson, comparisonMarkdown, comparisonText } from '../report/comparison.ts';
import { parseArguments } from './arguments.ts';
import { oneFormat } from './inspectCommand.ts';
import { MODEL_OPTIONS, requestChoices } from './inspectOptions.ts';
import type { Io } from './io.ts';
import { RULE_IDS } from './session.ts';
import { runStudy } from './studyCommand.ts';

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
  return runStudy(args, io, {
    name: 'compare',
    choices: requestChoices(args, RULE_IDS),
    act: (session, request, onProgress) => session.inspector.compare(request, io.signal, onProgress),
    write: ({ results, errors, lineStarts }, version) => {
      const comparisons = results.flatMap(({ comparisons: own }) => own);
      const whole: ComparisonSet = { comparisons, errors, lineStarts };
      switch (format) {
        case 'json':
          return `${JSON.stringify(comparisonJson(whole, version), undefined, 2)}\n`;
        case 'csv':
          return comparisonCsv(whole);
        case 'markdown':
          return comparisonMarkdown(whole);
        case 'text':
          return comparisonText(whole);
      }
    },
  });
}
