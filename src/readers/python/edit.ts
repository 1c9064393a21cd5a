import { type EditResult, type FileEdit, type ModelChange, setsInitializer } from '../../model/change.ts';
import type { CodeSite, LoopSite } from '../../model/codeSite.ts';
import { everyLayer } from '../../model/everyLayer.ts';
import { contentHash } from '../../model/hash.ts';
import type { InitializerSpec } from '../../model/initializers/initializer.ts';
import { spellInitializer } from '../../model/initializers/spell.ts';
import type { ModelSpec, WeightSpec } from '../../model/spec.ts';
import { asCellSource } from './inNotebook.ts';
import { type Apart, loopEdit } from './loopEdit.ts';
import { asStatements, torchLine } from './torchLine.ts';

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
  const line = torchLine(initializer, shape, site, semantics);
  if (line === undefined) return undefined;
  if (site.mode === 'insert') {
    const text = asStatements(line).map((each) => `${site.indent}${each}`);
    return { range: { start: site.at, end: site.at }, text: text.join('') };
  }
  return line.startsWith('with ') || line.includes('\n') ? undefined : { range: site.range, text: line };
}

const loopOf = ({ code }: WeightSpec): LoopSite | undefined =>
  code === undefined || code.mode === 'keyword' ? undefined : code.loop;

const sameLaw = (left: InitializerSpec, right: InitializerSpec): boolean =>
  JSON.stringify([left.id, left.params]) === JSON.stringify([right.id, right.params]);

type Weights = ReadonlyMap<string, WeightSpec>;

/** The edit of the place that draws a weight now, with what tells places apart; else why there is none. */
function ownEdit(
  spec: ModelSpec,
  key: string,
  wanted: ReadonlyMap<string, InitializerSpec>,
  weights: Weights,
): readonly [string, Edit] | string {
  const [weight, initializer] = [weights.get(key), wanted.get(key)];
  const site = weight?.code;
  if (weight === undefined || initializer === undefined || site === undefined)
    return 'The code that draws it was not found.';
  if (site.mode === 'none') return `${site.reason}.`;
  const shared = siteKey(site);
  for (const [other, also] of weights) {
    if (also.code === undefined || also.code.mode === 'none' || siteKey(also.code) !== shared) continue;
    const law = wanted.get(other);
    const tied =
      law === undefined && loopOf(also) !== undefined && loopOf(also)?.name === loopOf(weight)?.name;
    if (!tied && (law === undefined || !sameLaw(law, initializer)))
      return `The same line also draws ${other.replace('\n', ': ')}, which should not change so.`;
  }
  const edit = editFor(spec, site, initializer, weight);
  return edit === undefined ? `This place cannot say ${initializer.id}.` : [shared, edit];
}

/**
 * Changes as edits of the Python code: one per place, and only where everything that the place builds is to change alike. What a place draws besides
 * others, or nobody can change where it is drawn, is drawn anew at the end of the model's `__init__`, where that is safe.
 */
export function editPython(text: string, spec: ModelSpec, changes: readonly ModelChange[]): EditResult {
  if (contentHash(text) !== spec.contentHash)
    return refuse(spec.file, 'The file has changed since it was read.');
  if (!changes.every(setsInitializer))
    return refuse(spec.file, 'Python gets initializers only; change activations and sizes in the code.');
  const inNotebook = /\.ipynb$/i.test(spec.file);
  const weights: Weights = new Map(
    everyLayer(spec.layers).flatMap(({ id, weights: own }) =>
      own.map((weight) => [`${id}\n${weight.name}`, weight] as const),
    ),
  );
  const wanted = new Map<string, InitializerSpec>();
  for (const { layers, weight, initializer } of changes.filter(setsInitializer))
    for (const layer of layers) wanted.set(`${layer}\n${weight}`, initializer);
  const edits = new Map<string, Edit>();
  const apart: Apart[] = [];
  let refusal: readonly [string, string] | undefined;
  for (const [key, initializer] of wanted) {
    const own = ownEdit(spec, key, wanted, weights);
    const weight = weights.get(key);
    const loop = weight === undefined ? undefined : loopOf(weight);
    if (typeof own !== 'string') {
      edits.set(...own);
      continue;
    }
    refusal ??= [key.replace('\n', ': '), own];
    if (weight === undefined || loop === undefined) return refuse(key.replace('\n', ': '), own);
    apart.push({ loop, shape: weight.shape, initializer });
  }
  if (refusal !== undefined) {
    const edit = loopEdit(apart, spec.semantics.value);
    if (edit === undefined) return refuse(...refusal);
    edits.set('loop', edit);
  }
  const sorted = [...edits.values()]
    .map((edit) => (inNotebook ? { ...edit, text: asCellSource(edit.text) } : edit))
    .sort((a, b) => a.range.start - b.range.start);
  return { ok: true, edits: [{ file: spec.file, contentHash: spec.contentHash, edits: sorted }] };
}
