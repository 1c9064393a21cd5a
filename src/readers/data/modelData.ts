import { contentHash } from '../../model/hash.ts';
import type { Files } from '../../model/measurer.ts';
import type { DataSource } from '../../model/plan.ts';
import { InputError } from '../../model/problem.ts';
import type { InputSpec, ModelSpec } from '../../model/spec.ts';
import { withBatch } from '../../model/shape.ts';
import type { DataArray } from './dataArray.ts';
import { rowSize } from './dataArray.ts';
import { firstRows } from './firstRows.ts';
import { readTargets } from './labels.ts';
import type { DataTargets } from './labels.ts';
import { entryNamed, listArrays } from './listArrays.ts';

const INPUT_NAMES = ['x', 'x_train', 'inputs', 'input', 'data', 'features', 'images', 'arr_0'];

/** The user's data for one model: the first rows of every input, and the targets of the outputs that have labels. */
export interface ModelData {
  /** Rows of the files. */
  readonly rows: number;
  /** Rows that were read, the first ones in order. */
  readonly taken: number;
  /** Values of the rows taken by input name, row-major. */
  readonly inputs: ReadonlyMap<string, Float32Array>;
  /** By output name; of the rows taken. */
  readonly targets: ReadonlyMap<string, DataTargets>;
  /** Of everything above; computed when it is asked for. */
  readonly hash: string;
}

const sizesText = (sizes: readonly number[]): string => `(${['rows', ...sizes].join(', ')})`;

function checkShape(input: InputSpec, array: DataArray): void {
  const wanted = withBatch(input.shape, 1).slice(1);
  const own = array.shape.slice(1);
  const bare = (sizes: readonly number[]) => sizes.filter((size) => size !== 1).join(',');
  const same = rowSize(array.shape) === wanted.reduce((product, size) => product * size, 1);
  if (same && (array.flat || bare(own) === bare(wanted))) return;
  throw new InputError({
    file: array.file,
    message: `${array.where} does not fit the input ${input.name}`,
    found: `shape ${sizesText(own)}`,
    expected: `shape ${sizesText(wanted)}`,
    hint: same
      ? 'reshape it before it is saved'
      : input.assumed === undefined
        ? 'one row per sample, the batch first'
        : `the file leaves this size open: give --input-shape ${own.join(',')}`,
  });
}

function checkIds(input: InputSpec, array: DataArray, values: Float32Array): void {
  if (input.values !== 'ids') return;
  const { vocabulary = Infinity } = input;
  const size = rowSize(array.shape);
  const bad = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= vocabulary);
  if (bad < 0) return;
  throw new InputError({
    file: array.file,
    message: `${array.where} holds a value that is no id for ${input.name}, in row ${Math.floor(bad / size) + 1}`,
    found: String(values[bad]),
    expected: `whole numbers from 0 to ${vocabulary - 1}`,
  });
}

interface InputFile {
  readonly input: InputSpec;
  readonly path: string;
}

/** Which file is which input's: `name=path` by name, the others in order, one archive for all. */
function assign(spec: ModelSpec, source: DataSource): readonly InputFile[] {
  const named = new Map<string, string>();
  const positional: string[] = [];
  for (const text of source.inputs) {
    const split = text.indexOf('=');
    const name = text.slice(0, Math.max(0, split));
    if (split > 0 && spec.inputs.some((input) => input.name === name)) named.set(name, text.slice(split + 1));
    else positional.push(text);
  }
  const free = spec.inputs.filter(({ name }) => !named.has(name));
  const [first] = positional;
  const shared = first !== undefined && positional.length === 1 && /\.npz$/i.test(first);
  if (!shared && positional.length !== free.length)
    throw new InputError({
      message: `the data does not match the inputs of ${spec.name}`,
      found: `${source.inputs.length} file${source.inputs.length === 1 ? '' : 's'}`,
      expected: `one for each of ${spec.inputs.map(({ name }) => name).join(', ')}, or one .npz with these names`,
    });
  return spec.inputs.map((input) => {
    const path = named.get(input.name) ?? (shared ? first : positional[free.indexOf(input)]);
    return { input, path: path ?? '' };
  });
}

/**
 * Reads the user's data for a model: the first rows (at most `most`) of every input, checked against shape and vocabulary, and the labels,
 * checked against each output and its loss. Rejects with an InputError: what was found, what expected.
 */
export async function readModelData(
  spec: ModelSpec,
  source: DataSource,
  files: Files,
  most: number,
): Promise<ModelData> {
  if (spec.inputs.length === 0)
    throw new InputError({ message: `the model ${spec.name} has no input that data could be given to` });
  const arrays: { input: InputSpec; array: DataArray }[] = [];
  const alone = spec.inputs.length === 1;
  for (const { input, path } of assign(spec, source)) {
    const names = [input.name, ...(alone ? INPUT_NAMES : [])];
    const array = await entryNamed(await listArrays(path, files), names, path, alone).open();
    checkShape(input, array);
    arrays.push({ input, array });
  }
  const [first] = arrays;
  const rows = first?.array.shape[0] ?? 0;
  for (const { array } of arrays)
    if (array.shape[0] !== rows)
      throw new InputError({
        file: array.file,
        message: `${array.where} has another number of rows than ${first?.array.file ?? ''}`,
        found: `${array.shape[0] ?? 0} rows`,
        expected: `${rows} rows`,
      });
  if (rows < 2)
    throw new InputError({
      file: first?.array.file ?? spec.file,
      message: `${first?.array.where ?? ''} has too few rows`,
      found: String(rows),
      expected: 'at least 2 samples',
    });
  const taken = Math.min(rows, most);
  const inputs = new Map<string, Float32Array>();
  for (const { input, array } of arrays) {
    const values = await firstRows(array, taken);
    checkIds(input, array, values);
    inputs.set(input.name, values);
  }
  const targets = await readTargets(spec, source.labels, files, rows, taken);
  return {
    rows,
    taken,
    inputs,
    targets,
    get hash() {
      return hashOf(rows, inputs, targets);
    },
  };
}

function hashOf(rows: number, inputs: ModelData['inputs'], targets: ModelData['targets']): string {
  const bytes = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const parts = [
    ...[...inputs].map(([name, values]) => [name, contentHash(bytes(values))]),
    ...[...targets].map(([name, each]) => [name, contentHash(bytes(each.values)), each.mean, each.scale]),
  ];
  return contentHash(JSON.stringify([rows, parts]));
}
