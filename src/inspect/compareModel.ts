import type { Comparison } from '../model/comparison.ts';
import { InputError } from '../model/problem.ts';
import { predict } from '../theory/predict.ts';
import { compareStartingPoints } from './comparing.ts';
import { planFor, studied, type Inspection } from './inspectModel.ts';
import type { Subject } from './looking.ts';
import { nominalSeconds } from './plan.ts';
import { reproduceCommand } from './reproduce.ts';
import type { CompareCost } from './request.ts';
import { startingPoints } from './startingPoints.ts';
import { sampleWork } from './workSize.ts';

/** A model that neither our engine nor the user's Python can run is an InputError. */
function refuseUnrunnable({ parts, spec }: Inspection): void {
  if (!spec.executable && parts.python === undefined)
    throw new InputError({ message: `the model ${spec.name} cannot be run here`, range: spec.origin.range });
}

/** What `compareModel` would take; throws the same InputErrors. */
export function compareCost(inspection: Inspection): CompareCost {
  const { spec } = inspection;
  refuseUnrunnable(inspection);
  const { seeds, batch, backend } = planFor(inspection, 'fresh');
  const starts = startingPoints(spec).length;
  const seconds = starts * seeds.length * nominalSeconds(sampleWork(spec), batch, backend);
  return { model: spec.name, starts, seeds: seeds.length, seconds };
}

/** The comparison of one model. Throws an InputError for bad input. */
export async function compareModel(inspection: Inspection): Promise<Comparison> {
  const { parts, request, spec, measuring, signal, onProgress } = inspection;
  const started = parts.now();
  refuseUnrunnable(inspection);
  const plan = planFor(inspection, 'fresh');
  const { config } = request;
  const atOnce = spec.executable ? 1 : (parts.python?.slots ?? 1);
  const subject: Subject = {
    ...{ spec, prediction: predict(spec), plan, config, atOnce },
    ...{ measuring, signal, onProgress },
  };
  const { starts, layers } = await compareStartingPoints(subject);
  return {
    ...studied(inspection, plan),
    run: { elapsedMs: parts.now() - started, machine: parts.machine },
    reproduce: reproduceCommand(request, spec.id, plan, 'compare'),
    layers,
    starts,
  };
}
