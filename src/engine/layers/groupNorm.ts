import * as tf from '@tensorflow/tfjs-core';
import type { GroupNormConfig } from '../../model/layers/groupNorm.ts';
import { plus } from '../plus.ts';
import { alongAxis, normalize } from './batchNorm.ts';
import type { Forward } from './forward.ts';
import { range } from './spatial.ts';

/** The order of axes that brings one axis to the end, and the one that brings it back. */
export function toEnd(axis: number, rank: number): { readonly there: number[]; readonly back: number[] } {
  const there = [...range(0, rank).filter((i) => i !== axis), axis];
  return { there, back: range(0, rank).map((i) => there.indexOf(i)) };
}

/** Normalization of each sample over positions and the channels of a group. */
export const groupNorm: Forward<GroupNormConfig> = (call) => {
  const x = call.inputs[0]!;
  const axis = call.config.axis < 0 ? call.config.axis + x.rank : call.config.axis;
  const { there, back } = toEnd(axis, x.rank);
  const last = tf.transpose(x, there);
  const channels = x.shape[axis]!;
  const groups = call.config.groups === -1 ? channels : call.config.groups;
  const grouped = tf.reshape(last, [x.shape[0]!, -1, groups, channels / groups]);
  const normal = tf.reshape(normalize(grouped, [1, 3], call.config.epsilon), last.shape);
  const y = tf.transpose(normal, back);
  const [gamma, beta] = [call.optional('gamma'), call.optional('beta')];
  const scaled = gamma === undefined ? y : tf.mul(y, alongAxis(gamma, axis, x.rank));
  return beta === undefined ? scaled : plus(scaled, alongAxis(beta, axis, x.rank));
};
