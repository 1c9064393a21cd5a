import type { Problem } from '../../model/problem.ts';
import type { RawCall, RawModel, RawRef } from '../../model/rawModel.ts';
import type { SavedLookup } from '../withSaved.ts';
import { LoadedParts } from './loadedParts.ts';
import { Places } from './places.ts';
import type { Program } from './program.ts';
import { asked, RawConfigs, type Need } from './rawConfigs.ts';
import { RawLayers } from './rawLayers.ts';
import { Excluded, lossOf, Naming, notLoaded, tensorsOf } from './recorded.ts';
import type { RecordedModel, RecordedRef, Recording } from './recording.ts';

/** What became of a recorded model. */
export type Outcome =
  | {
      readonly kind: 'ready';
      readonly raw: RawModel;
      readonly loss: unknown;
      readonly notes: readonly string[];
      /** Where the weights of its loaded layers lie. */
      readonly saved?: SavedLookup;
    }
  | { readonly kind: 'asks'; readonly needs: readonly Need[] }
  | { readonly kind: 'excluded'; readonly reason: string };

const WEIGHTS_SET =
  'Weights are set by the source after the model is built (setWeights): what is drawn here is replaced.';

/** Builds raw models out of a recording; one builder per recorded model. */
export class RawModels {
  private readonly recording: Recording;
  private readonly program: Program;
  private readonly places: Places;
  private readonly inputShape: readonly number[] | undefined;
  private readonly loaded: LoadedParts;
  private readonly layers: RawLayers;

  constructor(recording: Recording, program: Program, inputShape: readonly number[] | undefined) {
    this.recording = recording;
    this.program = program;
    this.places = new Places(program);
    this.inputShape = inputShape;
    this.loaded = new LoadedParts(recording, program.units.saved.models);
    this.layers = new RawLayers(
      recording,
      this.places,
      new RawConfigs(recording.layers, this.places, inputShape),
      this.loaded,
      (model, name, needs, depth) => this.build(model, name, [], needs, depth),
    );
  }

  outcome(model: RecordedModel, name: string, problems: readonly Problem[]): Outcome {
    const needs: Need[] = asked(this.recording, model.asks);
    try {
      const raw = this.build(model, name, problems, needs, 0);
      if (needs.length > 0) return { kind: 'asks', needs };
      const saved = this.loaded.lookup(raw);
      return {
        kind: 'ready',
        raw,
        loss: lossOf(model.losses.at(-1)),
        notes: [...(model.setWeights === true ? [WEIGHTS_SET] : []), ...this.loaded.notes(model)],
        ...(saved === undefined ? {} : { saved }),
      };
    } catch (error) {
      if (error instanceof Excluded) return { kind: 'excluded', reason: error.message };
      throw error;
    }
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
    let items = model.items.map((id) => this.layers.at(id));
    const notes = [...problems];
    const base = items[0];
    let shape: readonly number[] | undefined;
    if (base !== undefined && this.loaded.standsOnLoaded(base)) {
      items = items.slice(1);
      notes.push({
        file: origin.file,
        range: origin.range,
        severity: 'note',
        message: 'The loaded model it begins with is left out: only the layers of this source are inspected.',
      });
      shape = this.inputShape ?? answeredShape(this.program);
      if (shape === undefined)
        needs.push({ unknown: -1, site: model.sites[0] ?? -1, reached: 'loadedModel.outputShape' });
    }
    if (items.length === 0) throw new Excluded('no layer is added to it');
    const layers = items.map((layer, index) => {
      const raw = this.layers.of(layer, naming, [], needs, depth);
      return index === 0 && shape !== undefined
        ? { ...raw, config: { ...raw.config, batch_input_shape: [null, ...shape] } }
        : raw;
    });
    return { name, kind: 'sequential', layers, inputs: [], outputs: [], origin, problems: notes };
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
      const layer = this.layers.at(ref.layer);
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
      this.layers.at(id).fn !== 'input' &&
      this.layers.at(id).fn !== 'inputLayer';
    if (ids.some(asInput)) throw new Excluded('its input is a tensor inside another model');
    const names = new Map(ids.map((id) => [id, naming.of(this.layers.at(id))]));
    const rawRef = (ref: RecordedRef): RawRef => {
      if (!('layer' in ref)) throw new Excluded('it uses a tensor that is not known here');
      const own = (calls.get(ref.layer) ?? []).slice().sort((a, b) => a - b);
      return { layer: names.get(ref.layer) ?? '', call: own.indexOf(ref.call), output: ref.output };
    };
    const layers = ids.map((id) => {
      const layer = this.layers.at(id);
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
      return this.layers.of(layer, naming, made, needs, depth, names.get(id));
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
}

/** The output shape of a loaded model, as it was answered. */
function answeredShape(program: Program): readonly number[] | undefined {
  for (const [name, value] of Object.entries(program.start.answers)) {
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
