import * as tf from '@tensorflow/tfjs-core';
import type { GroupedQueryAttentionConfig } from '../../model/layers/groupedQueryAttention.ts';
import { attendHeads } from './attend.ts';
import type { Forward, LayerCall } from './forward.ts';
import { project, projectOut } from './multiHeadAttention.ts';

/** Attention in which several query heads in a row share a key and value head. */
export const groupedQueryAttention: Forward<GroupedQueryAttentionConfig> = (typed) => {
  const call = typed as unknown as LayerCall;
  const { queryHeads, keyValueHeads, useGate } = typed.config;
  const [query, value = query, key = value] = call.inputs as [tf.Tensor, tf.Tensor?, tf.Tensor?];
  const projections = {
    query: project(call, 'query', query),
    key: project(call, 'key', key!),
    value: project(call, 'value', value!),
  };
  const attended = attendHeads(call, projections, queryHeads, keyValueHeads);
  return projectOut(call, useGate ? tf.mul(attended, tf.sigmoid(project(call, 'gate', query))) : attended);
};
