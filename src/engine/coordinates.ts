import * as tf from '@tensorflow/tfjs-core';
import type { Coordinate, CoordinateRequest, CoordinateRun } from '../model/scan.ts';
import { dropTape } from './gradients.ts';
import { createTeachers, disposeOf, makeBatches } from './probeTask.ts';
import { type Batch, forward, type ProbeHooks, SILENT, startTraining, type Task } from './probeTraining.ts';
import type { Recorder, TapRequest } from './recorder.ts';
import type { Weights } from './weights.ts';

interface Seen {
  readonly request: TapRequest;
  readonly values: Float32Array;
}

type View = (tensor: tf.TensorInfo) => Float32Array;

/** Copies what is tapped: of a node its pre-activations, logits and gates, its activations only where it has none of these. */
function createCopier(view: View): { readonly recorder: Recorder; readonly seen: Map<string, Seen> } {
  const seen = new Map<string, Seen>();
  const inner = new Set<string>();
  const copy = (tensor: tf.TensorInfo, request: TapRequest): void => {
    const { node, quantity, name = '' } = request;
    if (quantity !== 'activation') {
      inner.add(node);
      for (const [key, { request: other }] of seen)
        if (other.node === node && other.quantity === 'activation') seen.delete(key);
    } else if (inner.has(node)) return;
    const key = [node, quantity, name].join('\n');
    if (!seen.has(key)) seen.set(key, { request, values: Float32Array.from(view(tensor)) });
  };
  const recorder: Recorder = {
    ...SILENT,
    tap: (tensor, request) => {
      copy(tensor, request);
      return tensor;
    },
    watch: (tensor, request) => {
      copy(tensor, request);
      return () => undefined;
    },
    observe: copy,
  };
  return { recorder, seen };
}

function rmsOf(values: Float32Array, less?: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += ((values[i] ?? 0) - (less?.[i] ?? 0)) ** 2;
  return Math.sqrt(sum / Math.max(1, values.length));
}

/** Copies of every tapped tensor of a forward pass. */
function look(task: Task, weights: Weights, batch: Batch): Map<string, Seen> {
  const { recorder, seen } = createCopier((tensor) => task.hooks.backend.view(tensor));
  tf.tidy(() => {
    forward(task, weights, batch, recorder);
  });
  return seen;
}

function runSeed(task: Task, batch: Batch, seed: number, rate: number, onStep: () => void): CoordinateRun {
  const trainer = startTraining(task, seed, rate);
  try {
    const before = look(task, trainer.live, batch);
    const losses: number[] = [];
    for (let step = 0; step < task.request.steps && losses.every(Number.isFinite); step++) {
      losses.push(trainer.step(batch));
      onStep();
    }
    const after = look(task, trainer.live, batch);
    const left = !losses.every(Number.isFinite);
    const coordinates = [...before].map(([key, { request, values }]): Coordinate => {
      const { node, layer, quantity, name } = request;
      const update = rmsOf(after.get(key)?.values ?? values, values);
      return {
        node,
        layer,
        quantity,
        ...(name === undefined ? {} : { name }),
        rms: rmsOf(values),
        update: left || !Number.isFinite(update) ? NaN : update,
      };
    });
    return { seed, coordinates, losses };
  } finally {
    trainer.dispose();
  }
}

/**
 * Takes a few steps on one batch of the seeded task from every seed's draw and tells the rms of every activation before, and of its
 * change. Batch and targets are the same at every width. The same request gives the same numbers; no tensor is left.
 */
export function runCoordinates(request: CoordinateRequest, hooks: ProbeHooks): CoordinateRun[] {
  const { spec, rate, seeds, steps } = request;
  const teachers = createTeachers({ spec, request, hooks });
  const made = makeBatches({ spec, request, hooks }, teachers, 1);
  const task: Task = { spec, request, hooks, training: made, heldOut: [] };
  const total = steps * seeds.length;
  let done = 0;
  const onStep = () => hooks.onProgress?.({ done: Math.min(++done, total), total });
  try {
    const [batch] = made;
    if (batch === undefined) throw new RangeError('no batch was made');
    return seeds.map((seed) => runSeed(task, batch, seed, rate, onStep));
  } finally {
    dropTape();
    disposeOf(made);
    teachers.forEach((teacher) => teacher.dispose());
  }
}
