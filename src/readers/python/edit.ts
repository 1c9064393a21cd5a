import { type EditResult, type FileEdit, type ModelChange, setsInitializer } from '../../model/change.ts';
import type { CodeSite } from '../../model/codeSite.ts';
import { everyLayer } from '../../model/everyLayer.ts';
import { contentHash } from '../../model/hash.ts';
import type { InitializerSpec } from '../../model/initializers/initializer.ts';
import { spellInitializer } from '../../model/initializers/spell.ts';
import type { ModelSpec, WeightSpec } from '../../model/spec.ts';
import { asCellSource } from './inNotebook.ts';

type Edit = FileEdit['edits'][number];
type Editable = Exclude<CodeSite, { readonly mode: 'none' }>;

const refuse = (place: string, reason: string): EditResult => ({ ok: false, refusal: { place, reason } });

/** Equal for weights that one edit changes together. */
function siteKey(site: Editable): string {
  if (site.mode === 'replace') return `replace ${site.range.start}`;
  if (site.mode === 'insert') return `insert ${site.at} ${site.target}`;
  return `keyword ${site.value?.start ?? site.after} ${site.keyword}`;
}

/** A preset's plain name where it has no parameters: `'he_normal'`. */
function presetName(initializer: InitializerSpec): string | undefined {
  if (Object.keys(initializer.params).length > 0) return undefined;
  return `'${initializer.id.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace('le_cun', 'lecun')}'`;
}

/** The replacement for one site; undefined when the framework cannot say it there. */
function editFor(
  spec: ModelSpec,
  site: Editable,
  initializer: InitializerSpec,
  { shape }: WeightSpec,
): Edit | undefined {
  const semantics = spec.semantics.value;
  if (site.mode === 'keyword') {
    const spelled = spellInitializer(initializer, semantics, { from: semantics });
    const prefix = /^(tf\.)?keras\.initializers\./;
    const code =
      presetName(initializer) ??
      (site.initializers === undefined ? undefined : spelled?.code.replace(prefix, `${site.initializers}.`));
    if (code === undefined) return undefined;
    if (site.value !== undefined) return { range: site.value, text: code };
    return {
      range: { start: site.after, end: site.after },
      text: `${site.empty ? '' : ', '}${site.keyword}=${code}`,
    };
  }
  const entries = shape.reduce((product, size) => product * size, 1);
  const code = spellInitializer(initializer, 'pytorch', {
    from: semantics,
    tensor: site.target,
    entries,
  })?.code;
  if (code === undefined) return undefined;
  const line = code.replaceAll('nn.init.', `${site.nn}.init.`);
  if (site.mode === 'insert') {
    const safe = line.replace('with torch.no_grad(): ', '').replace(/\.mul_\(/, '.data.mul_(');
    const text = safe.split('\n').map((each) => `${site.indent}${each}`);
    return { range: { start: site.at, end: site.at }, text: text.join('') };
  }
  return line.startsWith('with ') || line.includes('\n') ? undefined : { range: site.range, text: line };
}

/** Changes as edits of the Python code: one per place, and only where everything that the place builds is to change alike. */
export function editPython(text: string, spec: ModelSpec, changes: readonly ModelChange[]): EditResult {
  if (contentHash(text) !== spec.contentHash)
    return refuse(spec.file, 'The file has changed since it was read.');
  if (!changes.every(setsInitializer))
    return refuse(spec.file, 'Python gets initializers only; change activations and sizes in the code.');
  const inNotebook = /\.ipynb$/i.test(spec.file);
  const weights = new Map<string, { readonly weight: WeightSpec; readonly layer: string }>();
  for (const layer of everyLayer(spec.layers))
    for (const weight of layer.weights)
      weights.set(`${layer.id}\n${weight.name}`, { weight, layer: layer.id });
  const wanted = new Map<string, InitializerSpec>();
  for (const { layers, weight, initializer } of changes.filter(setsInitializer))
    for (const layer of layers) wanted.set(`${layer}\n${weight}`, initializer);
  const edits = new Map<string, Edit>();
  for (const [key, initializer] of wanted) {
    const found = weights.get(key);
    const place = key.replace('\n', ': ');
    const site = found?.weight.code;
    if (site === undefined) return refuse(place, 'The code that draws it was not found.');
    if (site.mode === 'none') return refuse(place, `${site.reason}.`);
    const shared = siteKey(site);
    for (const [other, { weight }] of weights) {
      if (weight.code === undefined || weight.code.mode === 'none' || siteKey(weight.code) !== shared)
        continue;
      const also = wanted.get(other);
      if (
        also === undefined ||
        JSON.stringify([also.id, also.params]) !== JSON.stringify([initializer.id, initializer.params])
      )
        return refuse(
          place,
          `The same line also draws ${other.replace('\n', ': ')}, which should not change so.`,
        );
    }
    const edit = editFor(spec, site, initializer, found!.weight);
    if (edit === undefined) return refuse(place, `This place cannot say ${initializer.id}.`);
    edits.set(shared, inNotebook ? { ...edit, text: asCellSource(edit.text) } : edit);
  }
  const sorted = [...edits.values()].sort((a, b) => a.range.start - b.range.start);
  return { ok: true, edits: [{ file: spec.file, contentHash: spec.contentHash, edits: sorted }] };
}
