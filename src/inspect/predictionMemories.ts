import type { ModelSpec } from '../model/spec.ts';
import { predictionMemory, type PredictionMemory } from '../theory/predict.ts';

/** Models whose last prediction is kept. */
const MOST = 8;

/** What the last predictions of the models that are being written left for their next. */
export interface PredictionMemories {
  /** The memory of a model of a file; that of the model which was asked for longest ago is given up for it. */
  of(spec: ModelSpec): PredictionMemory;
}

/** Memories of nothing. */
export function createPredictionMemories(): PredictionMemories {
  const known = new Map<string, PredictionMemory>();
  return {
    of: ({ id, file, semantics }) => {
      const key = JSON.stringify([file, id, semantics.value]);
      const memory = known.get(key) ?? predictionMemory();
      known.delete(key);
      known.set(key, memory);
      const [oldest] = known.keys();
      if (known.size > MOST && oldest !== undefined) known.delete(oldest);
      return memory;
    },
  };
}
