import type * as tf from '@tensorflow/tfjs-core';
import { lossFormOf } from '../model/lossForm.ts';
import { makeInput } from './inputs.ts';
import type { Batch, Task } from './probeTraining.ts';
import { givenTargets } from './targets.ts';
import { createTeacher, type Teacher } from './teacher.ts';

/** Inputs and targets (the user's, else the teacher's), one batch after the other; the caller disposes of them. */
export function makeBatches(
  task: Pick<Task, 'spec' | 'request' | 'hooks'>,
  teachers: readonly Teacher[],
  count: number,
): Batch[] {
  const { spec, request, hooks } = task;
  return Array.from({ length: count }, (_, index) => {
    const inputs = spec.inputs.map((input): [string, tf.Tensor] => [
      input.node,
      makeInput(input, request.plan, 0, index, hooks.backend.generator, hooks.data),
    ]);
    const tensors = inputs.map(([, tensor]) => tensor);
    const targets = teachers.map((teacher, output) => {
      const { name = '', shape = [] } = spec.outputs[output] ?? {};
      const whole = shape.map((size) => size ?? request.plan.batch);
      const given = givenTargets(hooks.targets, name, lossFormOf(spec, output), whole, index);
      return given?.tensor ?? teacher.targets(tensors);
    });
    return { inputs: new Map(inputs), targets };
  });
}

/** Gives the tensors of batches back. */
export function disposeOf(batches: readonly Batch[]): void {
  for (const { inputs, targets } of batches) {
    inputs.forEach((tensor) => tensor.dispose());
    targets.forEach((tensor) => tensor.dispose());
  }
}

/** One teacher for each output, the same whatever the model's weights and hidden sizes are. */
export function createTeachers({
  spec,
  request,
  hooks,
}: Pick<Task, 'spec' | 'request' | 'hooks'>): Teacher[] {
  const shapes = spec.inputs.map(({ name }) => request.plan.inputs[name] ?? []);
  const sizes = shapes.map((shape) => shape.slice(1).reduce((product, size) => product * size, 1));
  const ids = spec.inputs.map(({ values }) => values === 'ids');
  return spec.outputs.map(({ name, shape }, index) => {
    const whole = shape.map((size) => size ?? request.plan.batch);
    return createTeacher(lossFormOf(spec, index), whole, sizes, ids, name, hooks.backend.generator);
  });
}
