import { InputError } from '../model/problem.ts';
import type { MeasuredScenario, Scenario } from '../model/scenario.ts';
import { scenarioSpec } from '../model/scenario.ts';
import { layerQuantities } from '../rules/layerQuantities.ts';
import { predict } from '../theory/predict.ts';
import { planFor, type Inspection } from './inspectModel.ts';

/** The model of a scenario on its plan's seeds, freshly drawn. Throws an InputError for a size that does not fit or is too large. */
export async function measureScenario(inspection: Inspection, scenario: Scenario): Promise<MeasuredScenario> {
  const { measuring, signal, onProgress } = inspection;
  if (!inspection.spec.executable)
    throw new InputError({ message: `the model ${inspection.spec.name} cannot be run here` });
  const spec = scenarioSpec(inspection.spec, scenario);
  const plan = planFor({ ...inspection, spec }, 'fresh');
  const measurement = await measuring.measure(spec, [], plan, plan.seeds, signal, ({ done, total }) =>
    onProgress({ phase: 'measure', model: spec.id, done, total }),
  );
  return { seeds: plan.seeds.length, layers: layerQuantities(spec, predict(spec), measurement) };
}
