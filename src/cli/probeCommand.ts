import type { ProbeChoices } from '../inspect/request.ts';
import type { ProbeSet } from '../model/probe.ts';
import { probeJson, probeMarkdown, probeText } from '../report/probe.ts';
import { parseArguments } from './arguments.ts';
import { collectFiles } from './collectFiles.ts';
import { eachFile } from './eachFile.ts';
import { oneFormat, save } from './inspectCommand.ts';
import { MODEL_OPTIONS, present, requestChoices } from './inspectOptions.ts';
import { EXIT, UsageError } from './io.ts';
import type { Io } from './io.ts';
import { openSession, RULE_IDS } from './session.ts';

const OPTIONS = {
  ...MODEL_OPTIONS,
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  quiet: { type: 'boolean', short: 'q' },
  steps: { type: 'string' },
  with: { type: 'string', multiple: true },
} as const;

/** `initscope probe`: short real trainings from several starting points of each model; the exit code. */
export async function probeCommand(argv: readonly string[], io: Io): Promise<number> {
  const args = parseArguments(argv, OPTIONS);
  const format = oneFormat(args, ['json', 'markdown']) ?? 'text';
  if (args.positionals.length === 0) throw new UsageError('probe needs a file');
  const { seeds, ...choices } = requestChoices(args, RULE_IDS);
  const asked = args.list('with').flatMap((text) => text.split(','));
  const probeChoices = present<ProbeChoices>({
    steps: args.number('steps', 20, 100_000, true),
    seeds,
    starts: asked.length === 0 ? undefined : asked,
  });
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
      (request, onProgress) => session.inspector.probe(request, probeChoices, io.signal, onProgress),
    );
    const { errors, lineStarts } = done;
    const set: ProbeSet = { probes: done.results.flatMap(({ probes }) => probes), errors, lineStarts };
    const content =
      format === 'json'
        ? `${JSON.stringify(probeJson(set, session.version), undefined, 2)}\n`
        : format === 'markdown'
          ? probeMarkdown(set)
          : probeText(set);
    const output = args.text('output');
    if (output === undefined) io.out(content);
    else await save(io, output, content);
    return done.fault ? EXIT.fault : done.badInput ? EXIT.usage : EXIT.ok;
  } finally {
    await session.close();
  }
}
