const text = { type: 'string' };
const index = { type: 'integer', minimum: -1 };
const positive = { type: 'integer', minimum: 1 };
const open = { type: 'object' };
const list = (items: object) => ({ type: 'array', items });
const object = (properties: Record<string, object>, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const message = object({ text, markdown: text, id: text, arguments: list(text), properties: open });
const artifactLocation = object({ uri: { ...text, format: 'uri-reference' }, uriBaseId: text, index });
const content = object({ text, binary: text });
const region = object({
  startLine: positive,
  startColumn: positive,
  endLine: positive,
  endColumn: positive,
  charOffset: index,
  charLength: { type: 'integer', minimum: 0 },
  snippet: content,
});
const physicalLocation = object({ artifactLocation, region, contextRegion: region });
const location = object({
  id: index,
  physicalLocation,
  logicalLocations: list(object({ name: text, fullyQualifiedName: text, kind: text, index })),
  message,
});
const replacement = object({ deletedRegion: region, insertedContent: content }, ['deletedRegion']);
const artifactChange = object({ artifactLocation, replacements: { ...list(replacement), minItems: 1 } }, [
  'artifactLocation',
  'replacements',
]);
const level = { enum: ['none', 'note', 'warning', 'error'] };
const multiformat = object({ text, markdown: text }, ['text']);

/**
 * The part of SARIF 2.1.0 (OASIS, §3) that we write, written down here from the specification with every object closed: what
 * holds to it holds to the full schema, since that only names more members.
 */
export const SARIF_SCHEMA = object(
  {
    $schema: { ...text, format: 'uri' },
    version: { const: '2.1.0' },
    runs: list(
      object(
        {
          tool: object(
            {
              driver: object(
                {
                  name: text,
                  semanticVersion: text,
                  informationUri: { ...text, format: 'uri' },
                  rules: {
                    ...list(
                      object(
                        {
                          id: text,
                          name: text,
                          shortDescription: multiformat,
                          fullDescription: multiformat,
                          help: multiformat,
                          helpUri: { ...text, format: 'uri' },
                          properties: open,
                        },
                        ['id'],
                      ),
                    ),
                    uniqueItems: true,
                  },
                },
                ['name'],
              ),
            },
            ['driver'],
          ),
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          invocations: list(
            object(
              {
                executionSuccessful: { type: 'boolean' },
                toolExecutionNotifications: list(
                  object({ message, level, locations: list(location) }, ['message']),
                ),
              },
              ['executionSuccessful'],
            ),
          ),
          results: list(
            object(
              {
                ruleId: text,
                ruleIndex: index,
                level,
                message,
                locations: list(location),
                relatedLocations: { ...list(location), uniqueItems: true },
                partialFingerprints: { type: 'object', additionalProperties: text },
                fixes: {
                  ...list(
                    object(
                      { description: message, artifactChanges: { ...list(artifactChange), minItems: 1 } },
                      ['artifactChanges'],
                    ),
                  ),
                  uniqueItems: true,
                },
                properties: open,
              },
              ['message'],
            ),
          ),
        },
        ['tool'],
      ),
    ),
  },
  ['version', 'runs'],
);
