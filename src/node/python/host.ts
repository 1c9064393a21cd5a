import { initializerLaw } from '../../model/initializers/catalogue.ts';
import type { MeasureRequest } from '../../model/measurer.ts';
import { joinMeasurements } from '../../model/joinMeasurements.ts';
import { InputError } from '../../model/problem.ts';
import type { PythonHost } from '../../model/pythonHost.ts';
import type { Plan } from '../../model/plan.ts';
import type { ModelSpec } from '../../model/spec.ts';
import type { WeightLaw } from './messages.ts';
import { openSessions, type PythonHostOptions } from './sessions.ts';

function lawsOf({ spec, changes }: Pick<MeasureRequest, 'spec' | 'changes'>): WeightLaw[] {
  const layers = new Map(spec.layers.map((layer) => [layer.id, layer]));
  return changes.flatMap(({ layers: ids, weight: name, initializer }) =>
    ids.flatMap((layer): WeightLaw[] => {
      const weight = layers.get(layer)?.weights.find((each) => each.name === name);
      if (weight === undefined) return [];
      const law = initializerLaw(initializer, weight, spec.semantics.value);
      return [{ layer, weight: name, law, initializer: initializer.id }];
    }),
  );
}

/** The user's interpreter as a host of PyTorch and Keras files: one process per file, kept while its models are measured. */
export function createPythonHost(options: PythonHostOptions): PythonHost {
  const sessions = openSessions(options);
  const { slots, read, ask, shared } = sessions;
  const lossOf = ({ outputs: [output] }: ModelSpec) =>
    output === undefined ? {} : { loss: output.loss, output: output.name };

  const measure: PythonHost['measure'] = async (request, signal, onProgress) => {
    const { spec, plan, seeds } = request;
    const { batch } = withoutData(spec, plan);
    const laws = lawsOf(request);
    const shares = shared(spec, seeds);
    const done = shares.map(() => 0);
    const parts = await Promise.all(
      shares.map(async ({ share, slot }, index) => {
        const reply = await ask(
          spec,
          { type: 'measure', model: spec.id, seeds: share, batch, laws, ...lossOf(spec) },
          signal,
          (progress) => {
            done[index] = progress.done;
            onProgress?.({ done: done.reduce((sum, each) => sum + each, 0), total: seeds.length });
          },
          slot,
        );
        if (reply.type !== 'measurement') throw new Error(`the probe answered ${reply.type}`);
        return reply.measurement;
      }),
    );
    return joinMeasurements(parts);
  };

  const probe: PythonHost['probe'] = async (request, signal, onProgress) => {
    const { spec, plan, optimizer, rates, seeds, steps } = request;
    const { batch } = withoutData(spec, plan);
    const laws = lawsOf(request);
    const reply = await ask(
      spec,
      { type: 'train', model: spec.id, batch, laws, optimizer, rates, seeds, steps, ...lossOf(spec) },
      signal,
      onProgress,
    );
    if (reply.type !== 'trained') throw new Error(`the probe answered ${reply.type}`);
    return reply.runs;
  };

  const coordinates: PythonHost['coordinates'] = async (request, signal, onProgress) => {
    const { spec, plan, optimizer, rate, seeds, steps } = request;
    const { batch } = withoutData(spec, plan);
    const parts = await Promise.all(
      shared(spec, seeds).map(async ({ share, slot }) => {
        const reply = await ask(
          spec,
          {
            type: 'coordinates',
            model: spec.id,
            batch,
            optimizer,
            rate,
            seeds: share,
            steps,
            ...lossOf(spec),
          },
          signal,
          onProgress,
          slot,
        );
        if (reply.type !== 'coordinates') throw new Error(`the probe answered ${reply.type}`);
        return reply.runs;
      }),
    );
    return parts.flat();
  };

  return {
    slots,
    read,
    measure,
    probe,
    coordinates,
    dispose: sessions.close,
  };
}

/** Data files are read for the models that our own engine runs. */
function withoutData(spec: ModelSpec, plan: Plan): Plan {
  if (plan.data === undefined) return plan;
  throw new InputError({
    message: `${spec.name} runs in your Python, which takes no data files yet`,
    hint: 'leave --data out',
    range: spec.origin.range,
  });
}
