import type { Finding } from '../../../model/finding.ts';
import type { DisabledRules } from '../../../model/spec.ts';
import { deepRelu } from './deepRelu.ts';
import { disabledLines } from './disabledLines.ts';
import { encoderCopies } from './encoderCopies.ts';
import { sharedInitializer } from './sharedInitializer.ts';
import { parsePython, within } from './syntax.ts';
import { tiedEmbedding } from './tiedEmbedding.ts';
import type { FindTraps, TrapFacts } from './trap.ts';

const TRAPS: readonly FindTraps[] = [deepRelu, encoderCopies, tiedEmbedding, sharedInitializer];

/** What a Python text shows without being run, as hints, and the comments that leave some of it out. Milliseconds; never fails. */
export function lintPython(
  text: string,
  file: string,
): { readonly findings: readonly Finding[]; readonly disabled: readonly DisabledRules[] } {
  const syntax = parsePython(text);
  const facts: TrapFacts = {
    syntax,
    calls: within(syntax.top, 'CallExpression'),
    classes: within(syntax.top, 'ClassDefinition'),
    assignments: within(syntax.top, 'AssignStatement'),
  };
  const findings = TRAPS.flatMap((find) => find(facts)).map(
    ({ rule, layer, range, message, cause }): Finding => ({
      id: `${rule}:${layer}`,
      rule,
      severity: 'hint',
      layer,
      layers: [layer],
      origin: { file, range, kind: 'layer' },
      message,
      cause,
      values: [],
      echoes: [],
      from: 'static',
      advice: [],
    }),
  );
  return { findings, disabled: disabledLines(syntax) };
}
