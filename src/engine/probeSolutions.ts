import * as tf from '@tensorflow/tfjs-core';
import { lossFormOf } from '../model/lossForm.ts';
import { draw, evaluate, isTrained, type Solution, type Task, withTensors } from './probeTraining.ts';
import type { LiveWeight } from './weights.ts';

/** Points on the line between two solutions. */
const LINE = [0.25, 0.5, 0.75];

/** Share of decisions that differ (classes, signs), or the rms difference over the rms (regression), over all outputs. */
export function disagreement(task: Task, a: Solution, b: Solution): number {
  const each = task.spec.outputs.map(({ shape }, index) => {
    const [x, y] = [a.outputs[index] ?? new Float32Array(), b.outputs[index] ?? new Float32Array()];
    const form = lossFormOf(task.spec, index);
    if (form === 'softmax') {
      const classes = shape.at(-1) ?? 1;
      const best = (values: Float32Array, row: number) => {
        const part = values.subarray(row * classes, (row + 1) * classes);
        return part.indexOf(Math.max(...part));
      };
      const rows = Math.max(1, Math.floor(x.length / classes));
      let differ = 0;
      for (let row = 0; row < rows; row++) differ += best(x, row) === best(y, row) ? 0 : 1;
      return differ / rows;
    }
    if (form === 'sigmoid')
      return x.reduce((sum, value, i) => sum + (value > 0 === (y[i] ?? 0) > 0 ? 0 : 1), 0) / x.length;
    const square = (value: number) => value * value;
    const difference = x.reduce((sum, value, i) => sum + square(value - (y[i] ?? 0)), 0);
    const size = x.reduce((sum, value, i) => sum + (square(value) + square(y[i] ?? 0)) / 2, 0);
    return Math.sqrt(difference / size);
  });
  return each.reduce((sum, value) => sum + value, 0) / Math.max(1, each.length);
}

/** rms difference of the trained weights over their rms. */
export function distance(a: Solution, b: Solution): number {
  let difference = 0;
  let size = 0;
  a.weights.forEach((values, index) => {
    const other = b.weights[index];
    values.forEach((value, i) => {
      const second = other?.[i] ?? 0;
      difference += (value - second) ** 2;
      size += (value * value + second * second) / 2;
    });
  });
  return Math.sqrt(difference / size);
}

/** Held-out loss at the points of the straight line between two solutions, less the mean of its ends. */
export function barrier(task: Task, a: Solution, b: Solution): number {
  const drawn = draw(task, a.run.seed);
  try {
    const trained = drawn.all.filter(isTrained);
    const along = LINE.map((t) =>
      tf.tidy(() => {
        const tensors = trained.map((weight, index): [LiveWeight, tf.Tensor] => {
          const [from, to] = [a.weights[index], b.weights[index]];
          const mixed = Float32Array.from(from ?? [], (value, i) => value * (1 - t) + (to?.[i] ?? 0) * t);
          return [weight, tf.tensor(mixed, weight.tensor.shape, 'float32')];
        });
        return evaluate(task, withTensors(drawn, new Map(tensors))).loss;
      }),
    );
    return Math.max(...along) - (a.run.heldOut + b.run.heldOut) / 2;
  } finally {
    drawn.dispose();
  }
}
