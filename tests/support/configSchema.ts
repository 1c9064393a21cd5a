import { RULES } from '../../src/rules/table.ts';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 1 };
const severities = ['error', 'warning', 'information', 'hint', 'off'];

function object(properties: Record<string, object>, required: readonly string[] = []) {
  return { type: 'object', properties, required, additionalProperties: false };
}

function ruleSchema({ id, title, criterion, thresholds }: (typeof RULES)[number]) {
  const names = Object.entries(thresholds).map(([name, value]): [string, object] => [
    name,
    { type: 'number', default: value, description: `Default ${value}.` },
  ]);
  return {
    description: `${title}. Fires when ${criterion} See docs/rules/${id}.md.`,
    anyOf: [
      { enum: severities },
      object({ severity: { enum: severities }, thresholds: object(Object.fromEntries(names)) }),
    ],
  };
}

/** The JSON Schema of `initscope.json`, from the table of rules: what is shipped must equal it. */
export function configSchema(): object {
  const rules = RULES.map((rule): [string, object] => [rule.id, ruleSchema(rule)]);
  const param = { type: ['number', 'string', 'boolean'] };
  const shapes = { type: 'object', additionalProperties: { type: 'array', items: count, minItems: 1 } };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:initscope:schema:config:1',
    title: 'initscope.json',
    description: 'What a project agrees on about its models. The nearest file upwards from a model holds.',
    ...object({
      $schema: text,
      rules: {
        ...object(Object.fromEntries(rules)),
        description: 'Severity or thresholds of a rule; "off" turns it off.',
      },
      ignore: {
        type: 'array',
        description: 'Findings that are meant to be there, each with a reason.',
        items: object(
          {
            rule: { enum: ['*', ...RULES.map(({ id }) => id)] },
            layer: { ...text, description: 'Glob over layer ids.' },
            file: { ...text, description: 'Glob over files, relative to this file.' },
            reason: { ...text, minLength: 1 },
          },
          ['rule', 'reason'],
        ),
      },
      exclude: {
        type: 'array',
        description: 'Globs of files that are not inspected when a folder is.',
        items: text,
      },
      files: {
        type: 'array',
        description: 'Choices that a file does not make; later entries win.',
        items: object(
          {
            pattern: { ...text, description: 'Glob over files; without a slash over file names.' },
            inputShapes: {
              ...shapes,
              description: 'Sizes without the batch by input name; "" for the only input.',
            },
            params: { type: 'object', additionalProperties: param },
            semantics: { enum: ['keras3', 'keras2', 'tfjs', 'pytorch'] },
            loss: text,
            data: object({ inputs: { type: 'array', items: text, minItems: 1 }, labels: text }, ['inputs']),
          },
          ['pattern'],
        ),
      },
      seeds: { ...count, description: 'Seeds of every measurement instead of 5, 10 or 20.' },
      batch: { ...count, description: 'Batch of every measurement instead of the planned one.' },
    }),
  };
}
