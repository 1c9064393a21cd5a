import { parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { InputError } from '../model/problem.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import type { Semantics } from '../model/semantics.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Reader<T> = (node: Node, path: string) => T;

const SEVERITIES = ['error', 'warning', 'information', 'hint', 'off'] as const;
const SEMANTICS: readonly Semantics[] = ['keras3', 'keras2', 'tfjs', 'pytorch'];

function fail(node: Node, path: string, expected: string): never {
  const found =
    node.type === 'object' || node.type === 'array' ? `an ${node.type}` : JSON.stringify(node.value);
  throw new InputError({
    message: `${path === '' ? 'the configuration' : path} is not valid`,
    found,
    expected,
    range: { start: node.offset, end: node.offset + node.length },
  });
}

const text: Reader<string> = (node, path) =>
  node.type === 'string' ? String(node.value) : fail(node, path, 'a string');

const number: Reader<number> = (node, path) =>
  node.type === 'number' ? Number(node.value) : fail(node, path, 'a number');

const count: Reader<number> = (node, path) => {
  const value = node.type === 'number' ? Number(node.value) : NaN;
  return Number.isInteger(value) && value > 0 ? value : fail(node, path, 'a positive whole number');
};

function oneOf<T extends string>(allowed: readonly T[]): Reader<T> {
  return (node, path) => allowed.find((each) => each === node.value) ?? fail(node, path, allowed.join(', '));
}

function list<T>(item: Reader<T>): Reader<T[]> {
  return (node, path) =>
    node.type === 'array'
      ? (node.children ?? []).map((child, index) => item(child, `${path}[${index}]`))
      : fail(node, path, 'a list');
}

function members(node: Node, path: string): { key: Node; name: string; value: Node }[] {
  if (node.type !== 'object') fail(node, path, 'an object');
  const seen = new Set<string>();
  return (node.children ?? []).map((property) => {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) fail(property, path, 'a key and a value');
    const name = String(key.value);
    if (seen.has(name)) fail(key, join(path, name), 'each key once');
    seen.add(name);
    return { key, name, value };
  });
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function record<T>(item: Reader<T>): Reader<Record<string, T>> {
  return (node, path) =>
    Object.fromEntries(members(node, path).map(({ name, value }) => [name, item(value, join(path, name))]));
}

/** An object with these keys only; `required` ones must be there. */
function object<T extends object>(
  fields: { readonly [K in keyof T]-?: Reader<NonNullable<T[K]>> },
  required: readonly (keyof T & string)[] = [],
): Reader<T> {
  return (node, path) => {
    const result: Partial<Writable<T>> = {};
    for (const { key, name, value } of members(node, path)) {
      if (!Object.hasOwn(fields, name))
        fail(key, join(path, name), `one of the keys ${Object.keys(fields).join(', ')}`);
      const field = name as keyof T & string;
      result[field] = fields[field](value, join(path, name));
    }
    for (const name of required) if (result[name] === undefined) fail(node, join(path, name), 'this key');
    return result as T;
  };
}

type FileEntry = ProjectConfig['files'][number];
type Data = NonNullable<FileEntry['data']>;
type RuleEntry = ProjectConfig['rules'][string];

const param: Reader<number | string | boolean> = (node, path) =>
  node.type === 'number' || node.type === 'string' || node.type === 'boolean'
    ? (node.value as number | string | boolean)
    : fail(node, path, 'a number, a string, true or false');

const fileEntry = object<FileEntry>(
  {
    pattern: text,
    inputShapes: record(list(count)),
    params: record(param),
    semantics: oneOf(SEMANTICS),
    loss: text,
    data: object<Data>({ inputs: list(text), labels: text }, ['inputs']),
  },
  ['pattern'],
);

function rulesReader(known: readonly string[]): Reader<ProjectConfig['rules']> {
  const entry = object<RuleEntry>({ severity: oneOf(SEVERITIES), thresholds: record(number) });
  const short: Reader<RuleEntry> = (node, path) =>
    node.type === 'string' ? { severity: oneOf(SEVERITIES)(node, path) } : entry(node, path);
  return (node, path) => {
    for (const { key, name } of members(node, path))
      if (!known.includes(name)) fail(key, join(path, name), `a rule (initscope rules lists them)`);
    return record(short)(node, path);
  };
}

/**
 * The configuration in the text of an `initscope.json` (comments and trailing commas are allowed). Throws an InputError that
 * names the key, what was found and what was expected, with its range. A rule may be written as its severity alone.
 */
export function parseProjectConfig(source: string, knownRules: readonly string[]): ProjectConfig {
  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined || tree === undefined)
    throw new InputError({
      message: `the configuration is not JSON${first === undefined ? '' : ` (${printParseErrorCode(first.error)})`}`,
      expected: 'a JSON object',
      range: { start: first?.offset ?? 0, end: (first?.offset ?? 0) + (first?.length ?? 0) },
    });
  const read = object<ProjectConfig & { $schema?: string }>({
    $schema: text,
    rules: rulesReader(knownRules),
    ignore: list(
      object<ProjectConfig['ignore'][number]>({ rule: text, layer: text, file: text, reason: text }, [
        'rule',
        'reason',
      ]),
    ),
    exclude: list(text),
    files: list(fileEntry),
    seeds: count,
    batch: count,
  });
  const { $schema: _schema, ...config } = read(tree, '');
  return {
    ...config,
    rules: config.rules ?? {},
    ignore: config.ignore ?? [],
    exclude: config.exclude ?? [],
    files: config.files ?? [],
  };
}
