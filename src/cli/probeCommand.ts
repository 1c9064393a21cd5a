import type { ProbeChoices } from '../inspect/request.ts';
import type { ProbeSet } from '../model/probe.ts';
import { probeJson, probeMarkdown, probeText } from '../report/probe.ts';
import { parseArguments } from './arguments.ts';
import { oneFormat } from './inspectCommand.ts';
import { MODEL_OPTIONS, present, requestChoices } from './inspectOptions.ts';
import type { Io } from './io.ts';
import { RULE_IDS } from './session.ts';
import { runStudy } from './studyCommand.ts';

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
  const { seeds, ...choices } = requestChoices(args, RULE_IDS);
  const asked = args.list('with').flatMap((text) => text.split(','));
  const probeChoices = present<ProbeChoices>({
    steps: args.number('steps', 20, 100_000, true),
    seeds,
    starts: asked.length === 0 ? undefined : asked,
  });
  return runStudy(args, io, {
    name: 'probe',
    choices,
    act: (session, request, onProgress) =>
      session.inspector.probe(request, probeChoices, io.signal, onProgress),
    write: ({ results, errors, lineStarts }, version) => {
      const set: ProbeSet = { probes: results.flatMap(({ probes }) => probes), errors, lineStarts };
      switch (format) {
        case 'json':
          return `${JSON.stringify(probeJson(set, version), undefined, 2)}\n`;
        case 'markdown':
          return probeMarkdown(set);
        case 'text':
          return probeText(set);
      }
    },
  });
}
