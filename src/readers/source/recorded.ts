import { automaticLayerName, classOfLayerFunction } from './layerNames.ts';
import type { RecordedLayer, RecordedRef } from './recording.ts';

/** A plain object in what was recorded. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why a recorded model is not inspected. */
export class Excluded extends Error {}

/** Gives the layers of one model their names, as TensorFlow.js would. */
export class Naming {
  private readonly counts = new Map<string, number>();
  private readonly used = new Set<string>();

  of(layer: RecordedLayer): string {
    const className = layer.fn === '$model' ? 'Model' : (layer.className ?? classOfLayerFunction(layer.fn));
    const written = layer.config['name'];
    let name =
      typeof written === 'string' && written !== '' ? written.replaceAll('/', '_').slice(0, 80) : undefined;
    while (name === undefined || this.used.has(name)) {
      const count = (this.counts.get(className) ?? 0) + 1;
      this.counts.set(className, count);
      name =
        layer.fn === 'input'
          ? `input${count}`
          : layer.fn === '$model'
            ? `model_${count}`
            : automaticLayerName(className, count);
    }
    this.used.add(name);
    return name;
  }
}

/** The tensors in a recorded keyword argument. */
export function tensorsOf(value: unknown): readonly RecordedRef[] {
  if (!isRecord(value) || !Array.isArray(value['$tensors'])) return [];
  return (value['$tensors'] as unknown[]).flatMap((entry): RecordedRef[] =>
    isRecord(entry) && typeof entry['layer'] === 'number'
      ? [{ layer: entry['layer'], call: Number(entry['call']), output: Number(entry['output']) }]
      : [],
  );
}

/** Why a model that stands on a loaded one is not inspected. */
export function notLoaded(path: string): string {
  if (path === '') return 'from a place that is not known here';
  return /^\w+:\/\//.test(path) && !path.startsWith('file:')
    ? `"${path}", a URL, which is not loaded`
    : `"${path}", which is not a model file of this project`;
}

/** A recorded loss as `compile` was given it; what is not known is undefined. */
export function lossOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lossOf);
  if (!isRecord(value)) return value ?? undefined;
  if (typeof value['$function'] === 'string')
    return value['$function'] === '' ? 'a function of the source' : value['$function'];
  if ('$unknown' in value || '$named' in value || '$number' in value) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, lossOf(entry)]));
}
