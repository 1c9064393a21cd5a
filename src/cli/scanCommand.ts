import type { ScanChoices } from '../inspect/request.ts';
import type { ScanSet } from '../model/scan.ts';
import { scanCsv, scanJson, scanMarkdown, scanText } from '../report/scan.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { present, requestChoices } from './inspectOptions.ts';
import { type Io, UsageError } from './io.ts';
import { RULE_IDS } from './session.ts';
import { chosenWriter, runStudy, STUDY_OPTIONS } from './studyCommand.ts';

const OPTIONS = {
  ...STUDY_OPTIONS,
  csv: { type: 'boolean' },
  width: { type: 'string' },
  'param-name': { type: 'string' },
  optimizer: { type: 'string' },
  rate: { type: 'string' },
  steps: { type: 'string' },
} as const;

/** Factors of `--width`: at least two different positive numbers. */
function factorsOf(args: Arguments): readonly number[] | undefined {
  const given = args.text('width');
  if (given === undefined) return undefined;
  const factors = given.split(',').map((text) => (text.trim() === '' ? NaN : Number(text)));
  if (factors.some((factor) => !(factor > 0 && factor <= 64)) || new Set(factors).size < 2)
    throw new UsageError(
      `--width needs two or more factors of the width from 0 to 64, as in 0.5,1,2,4; found ${JSON.stringify(given)}`,
    );
  return factors;
}

function namesOf(args: Arguments): readonly string[] | undefined {
  const names = args
    .text('param-name')
    ?.split(',')
    .map((name) => name.trim());
  if (names?.some((name) => name === ''))
    throw new UsageError(
      '--param-name needs the name of the width in the file, as in hidden or d_model,d_ff',
    );
  return names;
}

/** `initscope scan`: the size of every activation and of its update over widths of the model; the exit code. */
export async function scanCommand(argv: readonly string[], io: Io): Promise<number> {
  const args = parseArguments(argv, OPTIONS);
  const write = chosenWriter<ScanSet>(args, {
    json: scanJson,
    csv: scanCsv,
    markdown: scanMarkdown,
    text: scanText,
  });
  const { seeds, ...choices } = requestChoices(args, RULE_IDS);
  const scanChoices = present<ScanChoices>({
    factors: factorsOf(args),
    parameter: namesOf(args),
    optimizer: args.choice('optimizer', ['adam', 'sgd'] as const),
    rate: args.number('rate', 1e-12, 1e6),
    steps: args.number('steps', 1, 1000, true),
    seeds,
  });
  return runStudy(args, io, {
    name: 'scan',
    choices,
    act: (session, request, onProgress) =>
      session.inspector.scan(request, scanChoices, io.signal, onProgress),
    write: ({ results, errors, lineStarts }, version) =>
      write({ scans: results.flatMap(({ scans }) => scans), errors, lineStarts }, version),
  });
}
