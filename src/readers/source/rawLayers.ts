import type { JsonObject } from '../../model/json.ts';
import type { Origin } from '../../model/origin.ts';
import type { RawCall, RawLayer, RawModel } from '../../model/rawModel.ts';
import { translateOperation } from '../json/operations.ts';
import { classOfLayerFunction } from './layerNames.ts';
import type { LoadedParts } from './loadedParts.ts';
import type { Places } from './places.ts';
import { asked, type Need, type RawConfigs } from './rawConfigs.ts';
import { Excluded, isRecord, type Naming } from './recorded.ts';
import type { RecordedLayer, RecordedModel, Recording } from './recording.ts';

/** Builds the layers of raw models out of a recording. */
export class RawLayers {
  private readonly recording: Recording;
  private readonly places: Places;
  private readonly configs: RawConfigs;
  private readonly loaded: LoadedParts;
  /** A model that stands in a layer. */
  private readonly nested: (model: RecordedModel, name: string, needs: Need[], depth: number) => RawModel;

  constructor(
    recording: Recording,
    places: Places,
    configs: RawConfigs,
    loaded: LoadedParts,
    nested: RawLayers['nested'],
  ) {
    this.recording = recording;
    this.places = places;
    this.configs = configs;
    this.loaded = loaded;
    this.nested = nested;
  }

  /** The recorded layer of a number; excludes the model when there is none. */
  at(id: number): RecordedLayer {
    const found = this.recording.layers[id];
    if (found === undefined) throw new Excluded('a layer of it is not known');
    return found;
  }

  of(
    layer: RecordedLayer,
    naming: Naming,
    calls: readonly RawCall[],
    needs: Need[],
    depth: number,
    given?: string,
  ): RawLayer {
    const name = given ?? naming.of(layer);
    const site = layer.sites[0] ?? -1;
    const origins = this.places.layerOrigins(layer.sites);
    const saved = this.loaded.savedLayer(layer);
    if (saved !== undefined)
      return this.loaded.from(layer, {
        ...saved,
        name,
        config:
          typeof layer.trainable === 'boolean'
            ? { ...saved.config, trainable: layer.trainable }
            : saved.config,
        origins: origins.length > 0 ? origins : [this.places.origin(site, 'layer')],
        calls,
        place: () => this.places.origin(site, 'layer'),
      });
    const held = layer.model ?? this.wrappedModel(layer);
    const nested = held === undefined ? undefined : this.recording.models[held];
    needs.push(...asked(this.recording, layer.asks));
    const config = this.configs.of(layer, needs);
    const problem = layer.setWeights === true ? { ...config, weights_set: true } : config;
    if (layer.fn === '$op') return this.operation(layer, name, config, calls, origins);
    const shape = layer.fn === '$custom' ? layer.calls[0]?.shape : undefined;
    return {
      name,
      className:
        nested === undefined || layer.model === undefined
          ? (layer.className ?? classOfLayerFunction(layer.fn))
          : nested.kind === 'sequential'
            ? 'Sequential'
            : 'Functional',
      config: shape === undefined ? problem : { ...problem, output_shape: shape.slice(1) },
      origins: origins.length > 0 ? origins : [this.places.origin(site, 'layer')],
      calls,
      ...(nested === undefined ? {} : { model: this.nested(nested, name, needs, depth + 1) }),
      place: (...keys) =>
        this.places.origin(site, 'layer', this.places.property(site, ...keys) ?? this.places.node(site)),
    };
  }

  /** The model that a TimeDistributed layer wraps. */
  private wrappedModel(layer: RecordedLayer): number | undefined {
    const given = layer.fn === 'timeDistributed' ? layer.config['layer'] : undefined;
    if (!isRecord(given) || typeof given['$layer'] !== 'number') return undefined;
    return this.at(given['$layer']).model;
  }

  /** An operation that a layer of the program's own does, as the layer that does the same. */
  private operation(
    layer: RecordedLayer,
    name: string,
    config: JsonObject,
    calls: readonly RawCall[],
    origins: readonly Origin[],
  ): RawLayer {
    const op = config['op'] ?? null;
    const made = translateOperation('TFOpLambda', undefined, { function: op, name }, calls);
    if (made === undefined) throw new Excluded(`its operation ${String(op)} is not known here`);
    const site = layer.sites[0] ?? -1;
    return {
      name,
      className: made.className,
      config: made.config,
      origins: origins.length > 0 ? origins : [this.places.origin(site, 'layer')],
      calls: [made.call],
      place: () => this.places.origin(site, 'layer'),
    };
  }
}
