import * as tf from '@tensorflow/tfjs-core';
import type { GroupedQueryAttentionConfig } from '../../model/layers/groupedQueryAttention.ts';
import { attendHeads } from './attend.ts';
import type { Forward, LayerCall } from './forward.ts';
import { fromHeads, project, projectOut, toHeads } from './multiHeadAttention.ts';
import { repeat } from './upSampling.ts';

/** Attention in which several query heads in a row share a key and value head. */
export const groupedQueryAttention: Forward<GroupedQueryAttentionConfig> = (typed) => {
  const call = typed as unknown as LayerCall;
  const { queryHeads, keyValueHeads, useGate } = typed.config;
  const [query, value = query, key = value] = call.inputs as [tf.Tensor, tf.Tensor?, tf.Tensor?];
  const shared = (x: tf.Tensor) => repeat(toHeads(x, keyValueHeads), 1, queryHeads / keyValueHeads);
  const q = toHeads(project(call, 'query', query), queryHeads);
  const k = shared(project(call, 'key', key!));
  const v = shared(project(call, 'value', value!));
  const attended = fromHeads(attendHeads(call, q, k, v));
  return projectOut(call, useGate ? tf.mul(attended, tf.sigmoid(project(call, 'gate', query))) : attended);
};
