import type { RawLayer, RawModel } from '../../model/rawModel.ts';
import type { SavedLookup } from '../withSaved.ts';
import type { RecordedLayer, RecordedModel, RecordedRef, Recording } from './recording.ts';
import type { SavedModel } from './savedModels.ts';

/** What of a recorded model comes from a loaded one: from a file of the project, or from elsewhere. */
export class LoadedParts {
  private readonly recording: Recording;
  private readonly files: readonly SavedModel[];
  private readonly made = new Map<RawLayer, NonNullable<RecordedLayer['saved']>>();

  constructor(recording: Recording, files: readonly SavedModel[]) {
    this.recording = recording;
    this.files = files;
  }

  /** What the project's model file says of a layer that was loaded from it. */
  savedLayer({ saved }: RecordedLayer): RawLayer | undefined {
    return saved === undefined ? undefined : this.files[saved.model]?.raw.layers[saved.layer];
  }

  /** Remembers which saved layer a raw one was made of; returns it. */
  from(layer: RecordedLayer, raw: RawLayer): RawLayer {
    if (layer.saved !== undefined) this.made.set(raw, layer.saved);
    return raw;
  }

  /** Where the weights of the loaded layers of a model lie; undefined when none of them has any. */
  lookup(model: RawModel): SavedLookup | undefined {
    const layers = new Map<string, readonly [SavedLookup, string]>();
    const visit = (part: RawModel, before: string): void => {
      for (const layer of part.layers) {
        const saved = this.made.get(layer);
        const file = saved === undefined ? undefined : this.files[saved.model];
        const name = saved === undefined ? undefined : file?.raw.layers[saved.layer]?.name;
        if (file?.lookup !== undefined && name !== undefined)
          layers.set(`${before}${layer.name}`, [file.lookup, name]);
        if (layer.model !== undefined && saved === undefined) visit(layer.model, `${before}${layer.name}/`);
      }
    };
    visit(model, '');
    if (layers.size === 0) return undefined;
    return (layer, weights) => {
      const path = layer.split('/');
      for (let length = path.length; length > 0; length -= 1) {
        const found = layers.get(path.slice(0, length).join('/'));
        if (found !== undefined) return found[0]([found[1], ...path.slice(length)].join('/'), weights);
      }
      return weights.map(() => undefined);
    };
  }

  /** One sentence a model file: which layers come from it, and whether it has their weights. */
  notes(model: RecordedModel): string[] {
    const names = new Map<number, Set<number>>();
    this.savedIn(model, names, new Set());
    return [...names].map(([index, layers]) => {
      const file = this.files[index];
      const list = [...layers].sort((a, b) => a - b).map((at) => file?.raw.layers[at]?.name ?? '');
      const shown =
        list.length > 4 ? `${list.slice(0, 3).join(', ')} and ${list.length - 3} more` : list.join(', ');
      return `${shown} ${list.length === 1 ? 'comes' : 'come'} from ${file?.path ?? ''}${weightsOf(file)}.`;
    });
  }

  /** The layers of model files that a model is made of, by file. */
  private savedIn(model: RecordedModel, names: Map<number, Set<number>>, seen: Set<number>): void {
    const open = [...model.items, ...model.outputs.flatMap((ref) => ('layer' in ref ? [ref.layer] : []))];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const layer = this.recording.layers[id];
      if (layer === undefined || seen.has(id)) continue;
      seen.add(id);
      if (layer.saved !== undefined && layer.fn !== 'inputLayer') {
        const own = names.get(layer.saved.model) ?? new Set();
        names.set(layer.saved.model, own.add(layer.saved.layer));
      }
      const inner = layer.model === undefined ? undefined : this.recording.models[layer.model];
      if (inner !== undefined) this.savedIn(inner, names, seen);
      for (const { inputs } of layer.calls)
        for (const ref of inputs) if ('layer' in ref) open.push(ref.layer);
    }
  }

  /** True for a loaded model from elsewhere, and for a model that is a part of one. */
  standsOnLoaded(layer: RecordedLayer, seen = new Set<number>()): boolean {
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
}

function weightsOf(file: SavedModel | undefined): string {
  if (file?.weights !== true) return ', which saves no weights';
  return file.lookup === undefined
    ? ' with saved weights that are not beside it: what is drawn here for them is replaced'
    : ' with saved weights: what is drawn here for them is replaced, and --start saved measures it with them';
}
