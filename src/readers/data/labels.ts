import { lossFormOf } from '../../model/lossForm.ts';
import type { LossForm } from '../../model/lossForm.ts';
import type { Files } from '../../model/measurer.ts';
import { InputError } from '../../model/problem.ts';
import type { ModelSpec, OutputSpec } from '../../model/spec.ts';
import type { DataArray } from './dataArray.ts';
import { rowSize } from './dataArray.ts';
import { firstRows } from './firstRows.ts';
import { entryNamed, listArrays } from './listArrays.ts';

/** Values of labels that the prior is taken over at most. */
const MOST_VALUES = 2 ** 25;

const LABEL_NAMES = ['y', 'y_train', 'labels', 'label', 'targets', 'target', 'arr_1', 'arr_0'];

/** The targets of one output, as its loss takes them. */
export interface DataTargets {
  readonly form: LossForm;
  /** Of the rows taken, in the output's shape: one-hot classes, probabilities, or values. */
  readonly values: Float32Array;
  /** Over all rows, per unit of the last axis: the class prior, the share of ones, the mean target. */
  readonly mean: readonly number[];
  /** Over all rows: variance within units (squared), mean absolute deviation from the mean (absolute); else 1. */
  readonly scale: number;
}

interface Target {
  readonly output: OutputSpec;
  readonly form: LossForm;
  readonly array: DataArray;
  /** Sizes behind the batch; the last is the units. */
  readonly sizes: readonly number[];
}

const bare = (sizes: readonly number[]): string => sizes.filter((size) => size !== 1).join(',');
const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

function refuseShape({ output, form, array, sizes }: Target): never {
  const classes = sizes.at(-1) ?? 1;
  const ids =
    form === 'softmax' ? `class ids (${['rows', ...sizes.slice(0, -1)].join(', ')}) or one-hot ` : '';
  throw new InputError({
    file: array.file,
    message: `${array.where} does not fit the output ${output.name} (${output.loss.id}${form === 'softmax' ? `, ${classes} classes` : ''})`,
    found: `shape (${['rows', ...array.shape.slice(1)].join(', ')})`,
    expected: `${ids}(${['rows', ...sizes].join(', ')})`,
  });
}

function refuseValue(target: Target, row: number, found: string, expected: string, hint?: string): never {
  throw new InputError({
    file: target.array.file,
    message: `${target.array.where} has a label out of range for ${target.output.name}, in row ${row + 1}`,
    found,
    expected,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Class ids as one-hot rows. */
function oneHot(target: Target, ids: Float32Array): Float32Array {
  const classes = target.sizes.at(-1) ?? 1;
  const positions = product(target.sizes.slice(0, -1));
  const values = new Float32Array(ids.length * classes);
  ids.forEach((id, at) => {
    if (!Number.isInteger(id) || id < 0 || id >= classes)
      refuseValue(
        target,
        Math.floor(at / positions),
        String(id),
        `class ids from 0 to ${classes - 1}`,
        id === classes ? 'class ids count from 0' : undefined,
      );
    values[at * classes + id] = 1;
  });
  return values;
}

function checkProbabilities(target: Target, values: Float32Array): void {
  const size = product(target.sizes);
  const bad = values.findIndex((value) => value < 0 || value > 1);
  if (bad >= 0) refuseValue(target, Math.floor(bad / size), String(values[bad]), 'values from 0 to 1');
  if (target.form !== 'softmax') return;
  const classes = target.sizes.at(-1) ?? 1;
  for (let at = 0; at < values.length; at += classes) {
    const sum = values.subarray(at, at + classes).reduce((all, value) => all + value, 0);
    if (Math.abs(sum - 1) > 1e-3)
      refuseValue(target, Math.floor(at / size), `a row of sum ${sum}`, 'one-hot rows of sum 1');
  }
}

/** All rows in the output's shape. */
function dense(target: Target, raw: Float32Array): Float32Array {
  const { form, array, sizes } = target;
  const own = array.shape.slice(1);
  const isWhole = bare(own) === bare(sizes) || (array.flat && rowSize(array.shape) === product(sizes));
  const isIds = form === 'softmax' && !isWhole && rowSize(array.shape) === product(sizes.slice(0, -1));
  if (isIds && (array.flat || bare(own) === bare(sizes.slice(0, -1)))) return oneHot(target, raw);
  if (!isWhole) refuseShape(target);
  if (form === 'softmax' || form === 'sigmoid') checkProbabilities(target, raw);
  return raw;
}

function meanPerUnit(values: Float32Array, units: number): number[] {
  const sums = new Array<number>(units).fill(0);
  values.forEach((value, at) => (sums[at % units] = (sums[at % units] ?? 0) + value));
  return sums.map((sum) => (sum * units) / values.length);
}

function scaleOf(form: LossForm, values: Float32Array, mean: readonly number[]): number {
  if (form === 'softmax' || form === 'sigmoid') return 1;
  let sum = 0;
  values.forEach((value, at) => {
    const off = Math.abs(value - (mean[at % mean.length] ?? 0));
    sum += form === 'squared' ? off * off : off;
  });
  const scale = sum / values.length;
  return scale > 0 ? scale : 1;
}

/**
 * The targets of every output that the labels name (of the only one, where there is one). The prior is taken over all rows (the first
 * 2²⁵ values); there must be as many as the inputs have. Rejects with an InputError.
 */
export async function readTargets(
  spec: ModelSpec,
  path: string | undefined,
  files: Files,
  rows: number,
  taken: number,
): Promise<ReadonlyMap<string, DataTargets>> {
  const targets = new Map<string, DataTargets>();
  if (path === undefined) return targets;
  const entries = await listArrays(path, files);
  const alone = spec.outputs.length === 1;
  for (const [index, output] of spec.outputs.entries()) {
    const isNamed = entries.some(({ name }) => name === output.name);
    if (!alone && !isNamed && !(index === spec.outputs.length - 1 && targets.size === 0)) continue;
    const names = [output.name, ...(alone ? LABEL_NAMES : [])];
    const array = await entryNamed(entries, names, path, alone).open();
    if (array.shape[0] !== rows)
      throw new InputError({
        file: path,
        message: `${array.where} has another number of rows than the data`,
        found: `${array.shape[0] ?? 0} labels`,
        expected: `${rows}`,
      });
    const sizes = output.shape.slice(1).map((size) => size ?? NaN);
    const target: Target = { output, form: lossFormOf(spec, index), array, sizes };
    if (sizes.some(Number.isNaN)) refuseShape(target);
    const counted = Math.min(rows, Math.max(taken, Math.floor(MOST_VALUES / product(sizes))));
    const values = dense(target, await firstRows(array, counted));
    const mean = meanPerUnit(values, sizes.at(-1) ?? 1);
    targets.set(output.name, {
      form: target.form,
      values: values.slice(0, taken * product(sizes)),
      mean,
      scale: scaleOf(target.form, values, mean),
    });
  }
  return targets;
}
