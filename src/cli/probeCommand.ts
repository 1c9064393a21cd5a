import type { ProbeChoices } from '../inspect/request.ts';
import type { ProbeSet } from '../model/probe.ts';
import { probeJson, probeMarkdown, probeText } from '../report/probe.ts';
import { parseArguments } from './arguments.ts';
import { present, requestChoices } from './inspectOptions.ts';
import type { Io } from './io.ts';
import { RULE_IDS } from './session.ts';
import { chosenWriter, runStudy, STUDY_OPTIONS } from './studyCommand.ts';

const OPTIONS = {
  ...STUDY_OPTIONS,
  steps: { type: 'string' },
  with: { type: 'string', multiple: true },
} as const;

/** `initscope probe`: short real trainings from several starting points of each model; the exit code. */
export async function probeCommand(argv: readonly string[], io: Io): Promise<number> {
  const args = parseArguments(argv, OPTIONS);
  const write = chosenWriter<ProbeSet>(args, {
    json: probeJson,
    markdown: probeMarkdown,
    text: probeText,
  });
  const { seeds, ...choices } = requestChoices(args, RULE_IDS);
  const asked = args.list('with').flatMap((text) => text.split(','));
  const probeChoices = present<ProbeChoices>({
    steps: args.number('steps', 20, 100_000, true),
    seeds,
    starts: asked.length === 0 ? undefined : asked,
  });
  return runStudy(args, io, {
    name: 'probe',
    trains: true,
    choices,
    act: (session, request, onProgress) =>
      session.inspector.probe(request, probeChoices, io.signal, onProgress),
    write: ({ results, errors, lineStarts }, version) =>
      write({ probes: results.flatMap(({ probes }) => probes), errors, lineStarts }, version),
  });
}
