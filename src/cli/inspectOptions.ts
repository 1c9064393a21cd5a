import type { ParseArgsOptionsConfig } from 'node:util';
import type { InspectRequest } from '../inspect/request.ts';
import type { Backend, DataSource } from '../model/plan.ts';
import type { ReadOptions } from '../model/reader.ts';
import { paramValue } from '../protocol/paramValue.ts';
import type { Semantics } from '../model/semantics.ts';
import { didYouMean } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { UsageError } from './io.ts';

const SEMANTICS: readonly Semantics[] = ['keras3', 'keras2', 'tfjs', 'pytorch'];
const BACKENDS: readonly ('auto' | Backend)[] = ['auto', 'tensorflow', 'wasm', 'cpu', 'python'];

/** Options that every command understands which reads or measures a model. */
export const MODEL_OPTIONS: ParseArgsOptionsConfig = {
  config: { type: 'string' },
  select: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  seeds: { type: 'string' },
  batch: { type: 'string' },
  'input-shape': { type: 'string', multiple: true },
  param: { type: 'string', multiple: true },
  budget: { type: 'string' },
  backend: { type: 'string' },
  semantics: { type: 'string' },
  loss: { type: 'string' },
  data: { type: 'string', multiple: true },
  labels: { type: 'string' },
  start: { type: 'string' },
  model: { type: 'string' },
  workers: { type: 'string' },
  python: { type: 'string' },
  executor: { type: 'string' },
  'no-cache': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/** The choices of a request that the command line makes; file and configuration are put in later. */
export type RequestChoices = Omit<
  InspectRequest,
  'path' | 'text' | 'config' | 'found' | 'baseline' | 'distributions'
>;

function inputShapes(given: readonly string[]): ReadOptions['inputShapes'] {
  if (given.length === 0) return undefined;
  const entries = given.map((text): [string, number[]] => {
    const split = text.lastIndexOf('=');
    const sizes = text.slice(split + 1).replace(/^[([]|[)\]]$/g, '');
    const shape = sizes.split(/[,x×]/).map((size) => Number(size.trim()));
    if (
      sizes.trim() === '' ||
      shape.some((size) => !Number.isInteger(size) || size < 1 || size > 2 ** 31 - 1)
    )
      throw new UsageError(
        `--input-shape needs sizes without the batch, as in 28,28,1 or image=28,28,1; found ${JSON.stringify(text)}`,
      );
    return [split < 0 ? '' : text.slice(0, split), shape];
  });
  return Object.fromEntries(entries);
}

function params(given: readonly string[]): ReadOptions['params'] {
  if (given.length === 0) return undefined;
  const entries = given.map((text): [string, number | string | boolean] => {
    const split = text.indexOf('=');
    if (split < 1) throw new UsageError(`--param needs name=value; found ${JSON.stringify(text)}`);
    const value = text.slice(split + 1);
    return [text.slice(0, split), paramValue(value)];
  });
  return Object.fromEntries(entries);
}

/** Rule ids of a repeated, comma-separated option; an unknown one is a UsageError. */
export function ruleIds(
  args: Arguments,
  name: string,
  known: readonly string[],
): readonly string[] | undefined {
  const given = args
    .list(name)
    .flatMap((text) => text.split(',').map((id) => id.trim()))
    .filter((id) => id !== '');
  for (const id of given)
    if (!known.includes(id))
      throw new UsageError(
        `--${name}: there is no rule ${id}${didYouMean(id, known)} (initscope rules lists them)`,
      );
  return given.length === 0 ? undefined : given;
}

/** `undefined` members left out, as exact optional properties want it. */
export function present<T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

function dataSource(args: Arguments): DataSource | undefined {
  const inputs = args.list('data');
  const labels = args.text('labels');
  if (inputs.length > 0) return { inputs, ...(labels === undefined ? {} : { labels }) };
  if (labels !== undefined) throw new UsageError('--labels needs --data: labels belong to rows of inputs');
  return undefined;
}

/** The choices that the command line makes for a request. */
export function requestChoices(args: Arguments, rules: readonly string[]): RequestChoices {
  const options = present<ReadOptions>({
    semantics: args.choice('semantics', SEMANTICS),
    inputShapes: inputShapes(args.list('input-shape')),
    loss: args.text('loss'),
    params: params(args.list('param')),
  });
  return present<RequestChoices>({
    options,
    seeds: args.number('seeds', 1, 1000, true),
    batch: args.number('batch', 1, 65536, true),
    backend: args.choice('backend', BACKENDS),
    budgetSeconds: args.number('budget', 0.1, 1e6),
    start: args.choice('start', ['fresh', 'saved', 'both'] as const),
    model: args.text('model'),
    data: dataSource(args),
    select: ruleIds(args, 'select', rules),
    ignore: ruleIds(args, 'ignore', rules),
    predictOnly: args.flag('predict-only') ? true : undefined,
  });
}
