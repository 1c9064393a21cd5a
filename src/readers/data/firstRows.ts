import { InputError } from '../../model/problem.ts';
import type { DataArray } from './dataArray.ts';
import { rowSize } from './dataArray.ts';

/** The first rows of an array as 32-bit floats. Rejects with an InputError that names the row of a value that is no finite number. */
export async function firstRows(array: DataArray, count: number): Promise<Float32Array> {
  const values = Float32Array.from(await array.rows(count));
  const size = rowSize(array.shape);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0 || values.length !== count * size) {
    const value = values[bad];
    throw new InputError({
      file: array.file,
      message:
        bad < 0
          ? `${array.where} ended while it was read`
          : `${array.where} has ${Number.isNaN(value) ? 'NaN' : 'an infinite value'} in row ${Math.floor(bad / size) + 1}, value ${(bad % size) + 1}`,
      expected: 'finite numbers',
      hint: 'leave such rows out, or fill them',
    });
  }
  return values;
}
