import * as tf from '@tensorflow/tfjs-core';
import { applyChanges } from '../model/applyChanges.ts';
import { lossFormOf } from '../model/lossForm.ts';
import { InputError } from '../model/problem.ts';
import { HELD_OUT_BATCHES, TRAINING_BATCHES } from '../model/probe.ts';
import type { ProbeRequest, ProbeRuns, SolutionPair } from '../model/probe.ts';
import { dropTape } from './gradients.ts';
import { barrier, disagreement, distance } from './probeSolutions.ts';
import { createTeachers, disposeOf, makeBatches } from './probeTask.ts';
import { type ProbeHooks, type Task, train } from './probeTraining.ts';
import { uninformedLoss } from './teacher.ts';

/** Batches for training and held out: all of the teacher's, or what the rows of the data give. */
function shares(rows: number | undefined, batch: number): { training: number; heldOut: number } {
  if (rows === undefined) return { training: TRAINING_BATCHES, heldOut: HELD_OUT_BATCHES };
  const whole = Math.floor(rows / batch);
  const heldOut = Math.max(1, Math.min(HELD_OUT_BATCHES, Math.floor(whole / 5)));
  if (whole >= 2) return { training: Math.min(TRAINING_BATCHES, whole - heldOut), heldOut };
  throw new InputError({
    message: 'the data has too few rows for a probe, which holds some out',
    found: `${rows} rows at batch ${batch}`,
    expected: `at least ${2 * batch}`,
    hint: `give more rows, or --batch ${Math.max(1, Math.floor(rows / 5))}`,
  });
}

/**
 * Trains one starting point with one optimizer on the seeded teacher task or the user's data: every rate on the first seed, the one with the lowest
 * held-out loss on all seeds, and compares the seeds' solutions. The same request gives the same numbers; no tensor is left.
 */
export function runProbe(request: ProbeRequest, hooks: ProbeHooks): ProbeRuns {
  const spec = applyChanges(request.spec, request.changes);
  const teachers = createTeachers({ spec, request, hooks });
  const { training, heldOut } = shares(hooks.rows, request.plan.batch);
  const made = makeBatches({ spec, request, hooks }, teachers, training + heldOut);
  const task: Task = {
    spec,
    request,
    hooks,
    training: made.slice(0, training),
    heldOut: made.slice(training),
  };
  const total = request.steps * (request.rates.length + request.seeds.length - 1);
  let done = 0;
  const onStep = () => {
    done++;
    if (done % 10 === 0) hooks.onProgress?.({ done: Math.min(done, total), total });
  };
  try {
    const [firstSeed = 1, ...others] = request.seeds;
    const tried = request.rates.map((rate) => train(task, firstSeed, rate, onStep));
    const order = (value: number) => (Number.isFinite(value) ? value : Infinity);
    const [best] = [...tried].sort((a, b) => order(a.run.heldOut) - order(b.run.heldOut));
    if (best === undefined) throw new RangeError('a probe needs at least one rate');
    const solutions = [best, ...others.map((seed) => train(task, seed, best.run.rate, onStep))];
    const pairs = solutions.slice(1).map((other): SolutionPair => ({
      seeds: [best.run.seed, other.run.seed],
      disagreement: disagreement(task, best, other),
      distance: distance(best, other),
      barrier: barrier(task, best, other),
    }));
    const uninformed = spec.outputs.reduce((sum, _, index) => {
      const targets = tf.tidy(() =>
        tf.concat(
          task.heldOut.flatMap((batch) => batch.targets[index] ?? []),
          0,
        ),
      );
      const loss = uninformedLoss(lossFormOf(spec, index), targets);
      targets.dispose();
      return sum + loss;
    }, 0);
    const runs = solutions.map(({ run }) => run);
    return { rate: best.run.rate, tried: tried.map(({ run }) => run), runs, pairs, uninformed };
  } finally {
    dropTape();
    disposeOf(made);
    teachers.forEach((teacher) => teacher.dispose());
  }
}
