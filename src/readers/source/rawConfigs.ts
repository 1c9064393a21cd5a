import type { Node } from '@babel/types';
import type { Json, JsonObject } from '../../model/json.ts';
import { classOfInitializerFunction, classOfLayerFunction } from './layerNames.ts';
import type { Places } from './places.ts';
import { isRecord } from './recorded.ts';
import type { RecordedLayer, Recording } from './recording.ts';
import { walk } from './syntax.ts';

/** A value that somebody must tell before the model can be inspected. */
export interface Need {
  readonly unknown: number;
  readonly site: number;
  /** The config key it reached, or `loop`, `branch`, `shape`. */
  readonly reached: string;
  /** The function of `tf.layers` whose config it reached. */
  readonly layer?: string;
  /** What the source writes there, where no unknown has a name. */
  readonly text?: string;
}

/** What the questions of these numbers need. */
export function asked({ asks }: Recording, numbers: readonly number[]): Need[] {
  return numbers.flatMap((number) => {
    const ask = asks[number];
    return ask === undefined ? [] : [{ unknown: ask.unknown, site: ask.site, reached: ask.kind }];
  });
}

const UNIMPORTANT =
  /^(name|rate|dropout|recurrentDropout|momentum|epsilon|trainable|weights|dtype|inputDType|batchSize|seed|noiseShape|supportsMasking|maskZero|updatable)$|(Regularizer|Constraint)$/;
/** Config keys whose value is a size. */
const SIZES =
  /^(units|filters|inputDim|outputDim|n|inputShape|batchInputShape|shape|batchShape|targetShape|depth)$/;

/** Turns recorded configs into those of raw layers. */
export class RawConfigs {
  private readonly layers: readonly RecordedLayer[];
  private readonly places: Places;
  private readonly inputShape: readonly number[] | undefined;

  constructor(layers: readonly RecordedLayer[], places: Places, inputShape: readonly number[] | undefined) {
    this.layers = layers;
    this.places = places;
    this.inputShape = inputShape;
  }

  /** The config of a layer as plain JSON; what is not known goes to `needs`. */
  of(layer: RecordedLayer, needs: Need[]): JsonObject {
    const config: Record<string, Json> = {};
    for (const [key, given] of Object.entries(layer.config)) {
      const value = this.value(given, key, layer, needs);
      if (value !== undefined) config[key] = value;
    }
    if (typeof layer.trainable === 'boolean') config['trainable'] = layer.trainable;
    if (layer.fn === 'input' || layer.fn === 'inputLayer') {
      const shape = config['batchShape'] ?? config['batchInputShape'];
      const own = config['shape'] ?? config['inputShape'];
      for (const key of ['batchShape', 'batchInputShape', 'shape', 'inputShape']) delete config[key];
      if (shape !== undefined) config['batch_input_shape'] = shape;
      else if (own !== undefined)
        config['batch_input_shape'] = [null, ...(Array.isArray(own) ? (own as Json[]) : [own])];
    } else if (
      layer.fn === 'dense' &&
      config['inputDim'] !== undefined &&
      config['inputShape'] === undefined
    ) {
      config['batch_input_shape'] = [null, config['inputDim']];
      delete config['inputDim'];
    } else if (config['inputShape'] !== undefined || config['batchInputShape'] !== undefined) {
      const own = config['inputShape'];
      config['batch_input_shape'] = config['batchInputShape'] ?? [
        null,
        ...(Array.isArray(own) ? (own as Json[]) : [own as Json]),
      ];
      delete config['inputShape'];
      delete config['batchInputShape'];
    }
    return config;
  }

  /** A size of 0 comes from data that is not there: it is asked for by what the source writes. */
  private empty(key: string, layer: RecordedLayer, needs: Need[], index: number): undefined {
    const text = this.writtenAt(key, layer, index);
    needs.push({
      unknown: -1,
      site: layer.sites[0] ?? -1,
      reached: key,
      layer: layer.fn,
      text: text ?? key,
    });
  }

  /** What the source writes for a config key, or for one entry of its list. */
  private writtenAt(key: string, layer: RecordedLayer, index: number): string | undefined {
    const site = layer.sites[0] ?? -1;
    let node = this.places.property(site, key);
    if (node !== undefined && node.type !== 'Identifier' && node.type !== 'MemberExpression') {
      let list: Extract<Node, { type: 'ArrayExpression' }> | undefined;
      walk(node, (inner) => {
        if (inner.type === 'ArrayExpression') list ??= inner;
        return list === undefined;
      });
      node = list?.elements[index] ?? node;
    }
    return node === undefined ? undefined : this.places.text(site, node);
  }

  private value(given: unknown, key: string, layer: RecordedLayer, needs: Need[], at = 0): Json | undefined {
    if (given === 0 && SIZES.test(key)) return this.empty(key, layer, needs, 0);
    if (Array.isArray(given)) {
      return given.map((entry, index) =>
        entry === 0 && SIZES.test(key)
          ? (this.empty(key, layer, needs, index) ?? null)
          : (this.value(entry, key, layer, needs, index) ?? null),
      );
    }
    if (!isRecord(given)) return given as Json | undefined;
    if ('$unknown' in given) {
      if (UNIMPORTANT.test(key) || layer.fn === '$custom') return undefined;
      if (key.endsWith('nputShape') && this.inputShape !== undefined) return [...this.inputShape];
      const text = this.writtenAt(key, layer, at);
      needs.push({
        unknown: Number(given['$unknown']),
        site: layer.sites[0] ?? -1,
        reached: key,
        layer: layer.fn,
        ...(text === undefined ? {} : { text }),
      });
      return undefined;
    }
    if (typeof given['$initializer'] === 'string') {
      return {
        class_name: classOfInitializerFunction(given['$initializer']),
        config: (this.value(given['config'], key, layer, needs) ?? {}) as Json,
      };
    }
    if (typeof given['$layer'] === 'number') {
      const inner = this.layers[given['$layer']];
      if (inner === undefined) return undefined;
      return {
        class_name: inner.className ?? classOfLayerFunction(inner.fn),
        config: { ...this.of(inner, needs), name: inner.config['name'] ?? `${inner.fn}` },
      };
    }
    if ('$named' in given || '$number' in given || '$tensor' in given) return undefined;
    if (typeof given['$function'] === 'string') return given['$function'];
    const made: Record<string, Json> = {};
    for (const [inner, entry] of Object.entries(given)) {
      const value = this.value(entry, key, layer, needs);
      if (value !== undefined) made[inner] = value;
    }
    return made;
  }
}
