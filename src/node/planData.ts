import type { InputData } from '../engine/inputs.ts';
import type { TargetData } from '../engine/targets.ts';
import type { Plan } from '../model/plan.ts';
import type { ModelSpec } from '../model/spec.ts';
import { readModelData } from '../readers/data/modelData.ts';
import type { ModelData } from '../readers/data/modelData.ts';
import { nodeFiles } from './files.ts';

let last: { readonly key: string; readonly data: Promise<ModelData> } | undefined;

/** The data and labels a plan names, `parts` batches of it, read by path as saved weights are; nothing for random inputs. */
export async function readData(
  spec: ModelSpec,
  plan: Plan,
  parts = 1,
): Promise<{ readonly data?: InputData; readonly targets?: TargetData; readonly rows?: number }> {
  const { data: source, batch } = plan;
  if (plan.inputLaw !== 'data' || source === undefined) return {};
  const { divisors = {}, ...files } = source;
  const key = JSON.stringify([files, batch, parts, spec.inputs, spec.outputs]);
  if (last?.key !== key) last = { key, data: readModelData(spec, files, nodeFiles, batch * parts) };
  const { inputs, targets, taken } = await last.data;
  return {
    data: ({ name }, shape, part) => {
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      const values = inputs.get(name)?.subarray(part * size, (part + 1) * size);
      const divisor = Object.hasOwn(divisors, name) ? divisors[name] : undefined;
      return divisor === undefined ? values : values?.map((value) => value / divisor);
    },
    targets: (output) => targets.get(output),
    rows: taken,
  };
}
