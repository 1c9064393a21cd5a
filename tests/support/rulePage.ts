import { readFileSync } from 'node:fs';
import { SEMANTICS_TITLE } from '../../src/model/semantics.ts';
import type { Rule } from '../../src/rules/rule.ts';
import { inRepo } from './root.ts';
import { EXAMPLES } from './ruleExamples.ts';
import type { ExampleLines } from './ruleFindings.ts';

const LINES = JSON.parse(
  readFileSync(inRepo('tests', 'support', 'ruleFindings.json'), 'utf8'),
) as ExampleLines;

/** The page of a rule: from its table row, the example that stands beside it and what was measured of that, nothing else. */
export function rulePage(rule: Rule): string {
  const example = EXAMPLES[rule.id];
  const thresholds = Object.entries(rule.thresholds);
  const lines = [
    `# ${rule.title}`,
    '',
    `\`${rule.id}\` · ${rule.severity}`,
    '',
    rule.explanation,
    '',
    '## When it fires',
    '',
    rule.criterion,
    ...(rule.units === '' ? [] : ['', `Numbers are shown as: ${rule.units}.`]),
    '',
    '## Why',
    '',
    rule.formula,
    '',
    ...rule.references.map((reference) => `- ${reference}`),
    '',
    '## An example that fires',
    '',
    ...(example === undefined ? [] : [example.text, '']),
    '`initscope inspect` says of it:',
    '',
    '```',
    ...(LINES[rule.id] ?? []),
    '```',
    '',
    '## What to do',
    '',
    rule.advice,
    '',
    ...(example === undefined
      ? []
      : Object.entries(example.repair).flatMap(([target, code]) => [
          `${SEMANTICS_TITLE[target as keyof typeof SEMANTICS_TITLE]}:`,
          '',
          `\`\`\`${target === 'tfjs' ? 'js' : 'python'}`,
          code,
          '```',
          '',
        ])),
    '## When it is meant',
    '',
    rule.legitimate,
    '',
    '## Configuration',
    '',
    '```json',
    JSON.stringify(
      {
        rules: {
          [rule.id]: {
            severity: rule.severity,
            ...(thresholds.length === 0 ? {} : { thresholds: Object.fromEntries(thresholds) }),
          },
        },
      },
      null,
      2,
    ),
    '```',
    '',
    'The values above are the defaults of `initscope.json`; `"severity": "off"` turns the rule off.',
    '',
  ];
  return lines.join('\n');
}
