import type { JsonObject } from '../../model/json.ts';
import type { Origin } from '../../model/origin.ts';
import type { Problem } from '../../model/problem.ts';
import type { RawCall, RawLayer, RawModel, RawRef } from '../../model/rawModel.ts';
import { translateOperation } from '../json/operations.ts';
import { classOfLayerFunction } from './layerNames.ts';
import { Places } from './places.ts';
import type { Program } from './program.ts';
import { RawConfigs, type Need } from './rawConfigs.ts';
import { isRecord, lossOf, Naming, notLoaded, tensorsOf } from './recorded.ts';
import type { RecordedLayer, RecordedModel, RecordedRef, Recording } from './recording.ts';

/** What became of a recorded model. */
export type Outcome =
  | {
      readonly kind: 'ready';
      readonly raw: RawModel;
      readonly loss: unknown;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'asks'; readonly needs: readonly Need[] }
  | { readonly kind: 'excluded'; readonly reason: string };

class Excluded extends Error {}

/** Builds raw models out of a recording; one builder per recorded model. */
export class RawModels {
  private readonly recording: Recording;
  private readonly program: Program;
  private readonly places: Places;
  private readonly inputShape: readonly number[] | undefined;
  private readonly configs: RawConfigs;

  constructor(recording: Recording, program: Program, inputShape: readonly number[] | undefined) {
    this.recording = recording;
    this.program = program;
    this.places = new Places(program);
    this.inputShape = inputShape;
    this.configs = new RawConfigs(recording.layers, this.places, inputShape);
  }

  outcome(model: RecordedModel, name: string, problems: readonly Problem[]): Outcome {
    const needs: Need[] = this.asked(model.asks);
    try {
      const raw = this.build(model, name, problems, needs, 0);
      if (needs.length > 0) return { kind: 'asks', needs };
      return { kind: 'ready', raw, loss: lossOf(model.losses.at(-1)), notes: this.weightNotes(model) };
    } catch (error) {
      if (error instanceof Excluded) return { kind: 'excluded', reason: error.message };
      throw error;
    }
  }

  private asked(asks: readonly number[]): Need[] {
    return asks.flatMap((index) => {
      const ask = this.recording.asks[index];
      return ask === undefined ? [] : [{ unknown: ask.unknown, site: ask.site, reached: ask.kind }];
    });
  }

  /** A graph up to one tensor, for the shape law; undefined when something in it is not known. */
  upTo(ref: RecordedRef): { readonly raw: RawModel; readonly layer: string } | undefined {
    if (!('layer' in ref)) return undefined;
    const needs: Need[] = [];
    try {
      const model: RecordedModel = {
        id: -1,
        kind: 'functional',
        sites: [],
        items: [],
        inputs: [],
        outputs: [ref],
        losses: [],
        run: 0,
        asks: [],
      };
      const raw = this.build(model, 'part', [], needs, 0);
      const [output] = raw.outputs;
      return needs.length > 0 || output === undefined ? undefined : { raw, layer: output.layer };
    } catch {
      return undefined;
    }
  }

  private weightNotes(model: RecordedModel): string[] {
    const set =
      model.setWeights === true
        ? [
            'Weights are set by the source after the model is built (setWeights): what is drawn here is replaced.',
          ]
        : [];
    const names = new Map<number, Set<string>>();
    this.savedIn(model, names, new Set());
    const saved = [...names].map(([index, layers]) => {
      const file = this.program.units.saved.models[index];
      const list = [...layers];
      const shown =
        list.length > 4 ? `${list.slice(0, 3).join(', ')} and ${list.length - 3} more` : list.join(', ');
      return `${shown} ${list.length === 1 ? 'comes' : 'come'} from ${file?.path ?? ''}${
        file?.weights === true
          ? ' with saved weights: what is drawn here for them is replaced'
          : ', which saves no weights'
      }.`;
    });
    return [...set, ...saved];
  }

  /** The layers of model files that a model is made of, by file. */
  private savedIn(model: RecordedModel, names: Map<number, Set<string>>, seen: Set<number>): void {
    const open = [...model.items, ...model.outputs.flatMap((ref) => ('layer' in ref ? [ref.layer] : []))];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const layer = this.recording.layers[id];
      if (layer === undefined || seen.has(id)) continue;
      seen.add(id);
      if (layer.saved !== undefined && layer.fn !== 'inputLayer') {
        const own = names.get(layer.saved.model) ?? new Set();
        names.set(layer.saved.model, own.add(this.savedLayer(layer)?.name ?? ''));
      }
      const inner = layer.model === undefined ? undefined : this.recording.models[layer.model];
      if (inner !== undefined) this.savedIn(inner, names, seen);
      for (const { inputs } of layer.calls)
        for (const ref of inputs) if ('layer' in ref) open.push(ref.layer);
    }
  }

  private layer(id: number): RecordedLayer {
    const found = this.recording.layers[id];
    if (found === undefined) throw new Excluded('a layer of it is not known');
    return found;
  }

  private build(
    model: RecordedModel,
    name: string,
    problems: readonly Problem[],
    needs: Need[],
    depth: number,
  ): RawModel {
    if (depth > 20) throw new Excluded('models are nested too deeply');
    const origin = this.places.origin(model.sites[0] ?? -1, 'layer');
    if (model.broken !== undefined)
      throw new Excluded(`${model.broken.found} is added to it, which is not a layer that is known here`);
    return model.kind === 'sequential' && model.followed !== true
      ? this.sequential(model, name, problems, needs, depth, origin)
      : this.functional(model, name, problems, needs, depth, origin);
  }

  private sequential(
    model: RecordedModel,
    name: string,
    problems: readonly Problem[],
    needs: Need[],
    depth: number,
    origin: RawModel['origin'],
  ): RawModel {
    const naming = new Naming();
    let items = model.items.map((id) => this.layer(id));
    const notes = [...problems];
    const base = items[0];
    let shape: readonly number[] | undefined;
    if (base !== undefined && this.standsOnLoaded(base, new Set())) {
      items = items.slice(1);
      notes.push({
        file: origin.file,
        range: origin.range,
        severity: 'note',
        message: 'The loaded model it begins with is left out: only the layers of this source are inspected.',
      });
      shape = this.inputShape ?? this.answeredShape();
      if (shape === undefined)
        needs.push({ unknown: -1, site: model.sites[0] ?? -1, reached: 'loadedModel.outputShape' });
    }
    if (items.length === 0) throw new Excluded('no layer is added to it');
    const layers = items.map((layer, index) => {
      const raw = this.rawLayer(layer, naming, [], needs, depth);
      return index === 0 && shape !== undefined
        ? { ...raw, config: { ...raw.config, batch_input_shape: [null, ...shape] } }
        : raw;
    });
    return { name, kind: 'sequential', layers, inputs: [], outputs: [], origin, problems: notes };
  }

  private answeredShape(): readonly number[] | undefined {
    for (const [name, value] of Object.entries(this.program.start.answers)) {
      if (!/(^|\.)outputShape$/.test(name)) continue;
      const sizes = String(value)
        .replace(/[[\]\s]/g, '')
        .split(',')
        .filter(Boolean)
        .map(Number);
      if (sizes.length > 0 && sizes.every((size) => Number.isInteger(size) && size > 0)) return sizes;
    }
    return undefined;
  }

  private standsOnLoaded(layer: RecordedLayer, seen: Set<number>): boolean {
    if (seen.has(layer.id)) return false;
    seen.add(layer.id);
    if (layer.fn === '$loaded') return true;
    const inner = layer.model === undefined ? undefined : this.recording.models[layer.model];
    const refs =
      inner === undefined
        ? layer.calls.flatMap((call) => call.inputs)
        : [...inner.outputs, ...inner.items.map((id): RecordedRef => ({ layer: id, call: 0, output: 0 }))];
    if (inner === undefined && layer.fn !== '$model') return false;
    return refs.some((ref) => 'layer' in ref && this.reachesLoaded(ref, seen));
  }

  private reachesLoaded(ref: RecordedRef, seen: Set<number>): boolean {
    if (!('layer' in ref)) return false;
    const layer = this.recording.layers[ref.layer];
    if (layer === undefined || seen.has(layer.id)) return false;
    seen.add(layer.id);
    if (layer.fn === '$loaded') return true;
    return (layer.calls[ref.call]?.inputs ?? []).some((input) => this.reachesLoaded(input, seen));
  }

  private functional(
    model: RecordedModel,
    name: string,
    problems: readonly Problem[],
    needs: Need[],
    depth: number,
    origin: RawModel['origin'],
  ): RawModel {
    const calls = new Map<number, number[]>();
    const order: number[] = [];
    const pending = [...model.outputs].reverse();
    const stop = new Set(model.inputs.flatMap((ref) => ('layer' in ref ? [`${ref.layer}:${ref.call}`] : [])));
    const seen = new Set<string>();
    const visit = (ref: RecordedRef): void => {
      if ('$unknown' in ref)
        throw new Excluded(
          `it uses ${this.recording.unknowns[ref.$unknown]?.path ?? 'a tensor'}, which is not known here`,
        );
      if (!('layer' in ref)) throw new Excluded('it uses a tensor of data');
      const key = `${ref.layer}:${ref.call}`;
      if (seen.has(key)) return;
      seen.add(key);
      const layer = this.layer(ref.layer);
      if (layer.fn === '$loaded')
        throw new Excluded(`it stands on a loaded model (${notLoaded(String(layer.config['path'] ?? ''))})`);
      const call = layer.calls[ref.call];
      if (call === undefined) throw new Excluded('a layer of it was never applied');
      if (!stop.has(key)) {
        for (const input of call.inputs) pending.push(input);
        for (const value of Object.values(call.kwargs))
          for (const input of tensorsOf(value)) pending.push(input);
      }
      const known = calls.get(layer.id);
      if (known === undefined) {
        calls.set(layer.id, [ref.call]);
        order.push(layer.id);
      } else known.push(ref.call);
    };
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) visit(next);
    for (const ref of model.inputs) if ('layer' in ref) visit(ref);
    const naming = new Naming();
    const ids = order.sort((a, b) => a - b);
    const asInput = (id: number): boolean =>
      (calls.get(id) ?? []).some((call) => stop.has(`${id}:${call}`)) &&
      this.layer(id).fn !== 'input' &&
      this.layer(id).fn !== 'inputLayer';
    if (ids.some(asInput)) throw new Excluded('its input is a tensor inside another model');
    const names = new Map(ids.map((id) => [id, naming.of(this.layer(id))]));
    const rawRef = (ref: RecordedRef): RawRef => {
      if (!('layer' in ref)) throw new Excluded('it uses a tensor that is not known here');
      const own = (calls.get(ref.layer) ?? []).slice().sort((a, b) => a - b);
      return { layer: names.get(ref.layer) ?? '', call: own.indexOf(ref.call), output: ref.output };
    };
    const layers = ids.map((id) => {
      const layer = this.layer(id);
      const made = (calls.get(id) ?? [])
        .sort((a, b) => a - b)
        .map((call): RawCall => {
          const recorded = layer.calls[call];
          const inputs = stop.has(`${id}:${call}`) ? [] : (recorded?.inputs ?? []).map(rawRef);
          const kwargs = Object.entries(recorded?.kwargs ?? {}).map(
            ([key, value]) =>
              [
                key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
                tensorsOf(value).length > 0 ? tensorsOf(value).map(rawRef) : value,
              ] as const,
          );
          return { inputs, ...(kwargs.length > 0 ? { kwargs: Object.fromEntries(kwargs) } : {}) };
        });
      return this.rawLayer(layer, naming, made, needs, depth, names.get(id));
    });
    return {
      name,
      kind: 'functional',
      layers,
      inputs: model.inputs.map(rawRef),
      outputs: model.outputs.map(rawRef),
      origin,
      problems,
    };
  }

  private rawLayer(
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
    const saved = this.savedLayer(layer);
    if (saved !== undefined)
      return {
        ...saved,
        name,
        config:
          typeof layer.trainable === 'boolean'
            ? { ...saved.config, trainable: layer.trainable }
            : saved.config,
        origins: origins.length > 0 ? origins : [this.places.origin(site, 'layer')],
        calls,
        place: () => this.places.origin(site, 'layer'),
      };
    const held = layer.model ?? this.wrappedModel(layer);
    const nested = held === undefined ? undefined : this.recording.models[held];
    needs.push(...this.asked(layer.asks));
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
      ...(nested === undefined ? {} : { model: this.build(nested, name, [], needs, depth + 1) }),
      place: (...keys) =>
        this.places.origin(site, 'layer', this.places.property(site, ...keys) ?? this.places.node(site)),
    };
  }

  /** What the project's model file says of a layer that was loaded from it. */
  private savedLayer({ saved }: RecordedLayer): RawLayer | undefined {
    return saved === undefined
      ? undefined
      : this.program.units.saved.models[saved.model]?.raw.layers[saved.layer];
  }

  /** The model that a TimeDistributed layer wraps. */
  private wrappedModel(layer: RecordedLayer): number | undefined {
    const given = layer.fn === 'timeDistributed' ? layer.config['layer'] : undefined;
    if (!isRecord(given) || typeof given['$layer'] !== 'number') return undefined;
    return this.layer(given['$layer']).model;
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
