import type { Files } from '../model/measurer.ts';
import type { DataSource } from '../model/plan.ts';
import { InputError } from '../model/problem.ts';
import type { ModelSpec } from '../model/spec.ts';
import { readModelData } from '../readers/data/modelData.ts';
import type { InspectRequest } from './request.ts';

/** Rows that are read where the call sets no batch: no plan takes a larger one of itself. */
const MOST_ROWS = 64;

/**
 * The data of a request, read once and found to fit the model, with its rows and its hash; undefined where none is asked for. Rejects with an
 * InputError for data that does not fit.
 */
export async function checkedData(
  spec: ModelSpec,
  { data, batch = MOST_ROWS, predictOnly }: InspectRequest,
  files: Files,
  batches: number,
): Promise<DataSource | undefined> {
  if (data === undefined || predictOnly === true) return undefined;
  if (!spec.executable)
    throw new InputError({
      message: `the model ${spec.name} runs in your own interpreter, to which no data is given`,
      hint: 'leave --data out',
      range: spec.origin.range,
    });
  const { rows, hash } = await readModelData(spec, data, files, batch * batches);
  return { ...data, rows, hash };
}
