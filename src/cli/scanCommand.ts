import type { ScanChoices } from '../inspect/request.ts';
import type { ReportSet } from '../model/report.ts';
import type { ScanSet } from '../model/scan.ts';
import { LARGEST_FACTOR, widthFactors, widthNames } from '../protocol/widthFactors.ts';
import { scanCsv, scanJson, scanMarkdown, scanText } from '../report/scan.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import type { EachFile } from './eachFile.ts';
import { htmlPage } from './htmlPage.ts';
import { joined } from './inspectCommand.ts';
import { present, requestChoices } from './inspectOptions.ts';
import { type Io, UsageError } from './io.ts';
import { RULE_IDS } from './session.ts';
import { chosenWriter, runStudy, STUDY_OPTIONS } from './studyCommand.ts';

const OPTIONS = {
  ...STUDY_OPTIONS,
  csv: { type: 'boolean' },
  html: { type: 'string' },
  width: { type: 'string' },
  'param-name': { type: 'string' },
  optimizer: { type: 'string' },
  rate: { type: 'string' },
  steps: { type: 'string' },
} as const;

/** An option's value as `read` understands it; a UsageError with what it must be where it does not. */
function understood<T>(
  args: Arguments,
  option: string,
  read: (text: string) => T | undefined,
  wanted: string,
): T | undefined {
  const text = args.text(option);
  const found = text === undefined ? undefined : read(text);
  if (text !== undefined && found === undefined)
    throw new UsageError(`--${option} needs ${wanted}; found ${JSON.stringify(text)}`);
  return found;
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
    factors: understood(
      args,
      'width',
      widthFactors,
      `two or more factors of the width from 0 to ${LARGEST_FACTOR}, as in 0.5,1,2,4`,
    ),
    parameter: understood(
      args,
      'param-name',
      widthNames,
      'the name of the width in the file, as in hidden or d_model,d_ff',
    ),
    optimizer: args.choice('optimizer', ['adam', 'sgd'] as const),
    rate: args.number('rate', 1e-12, 1e6),
    steps: args.number('steps', 1, 1000, true),
    seeds,
  });
  const html = args.text('html');
  const joinedScan = ({ results, errors, lineStarts }: EachFile<ScanSet>): ScanSet => ({
    scans: results.flatMap(({ scans }) => scans),
    errors,
    lineStarts,
  });
  const inspected: ReportSet[] = [];
  return runStudy(args, io, {
    name: 'scan',
    trains: true,
    choices,
    act: async (session, request, onProgress) => {
      const scanned = await session.inspector.scan(request, scanChoices, io.signal, onProgress);
      if (html !== undefined) inspected.push(await session.inspector.inspect(request, io.signal, onProgress));
      return scanned;
    },
    write: (done, version) => write(joinedScan(done), version),
    ...(html === undefined
      ? {}
      : {
          page: {
            path: html,
            content: (done: EachFile<ScanSet>) =>
              htmlPage(joined(inspected, done), { scan: joinedScan(done) }),
          },
        }),
  });
}
