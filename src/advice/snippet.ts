import type { Change } from '../model/change.ts';
import { spellInitializer } from '../model/initializers/spell.ts';
import { SEMANTICS, type Semantics } from '../model/semantics.ts';
import type { LayerSpec, ModelSpec } from '../model/spec.ts';
import { everyLayer } from './twin.ts';

const camel = (key: string): string =>
  key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** Name of a weight as PyTorch modules have it. */
const torchName = (weight: string): string =>
  weight.endsWith('bias') || weight === 'beta'
    ? 'bias'
    : weight.includes('recurrent')
      ? 'weight_hh_l0'
      : 'weight';

function keyOf(layer: LayerSpec | undefined, weight: string): string {
  return layer?.weights.find(({ name }) => name === weight)?.key ?? `${weight}_initializer`;
}

function torch(spec: ModelSpec, change: Change): string {
  const tensor = `layer.${torchName(change.weight)}`;
  const spelling = spellInitializer(change.initializer, 'pytorch', { from: spec.semantics.value, tensor });
  if (spelling === undefined) return `# ${change.initializer.id}: PyTorch has no initializer that draws this`;
  const names = change.layers.map((layer) => `'${layer.replaceAll('/', '.')}'`).join(', ');
  return `for layer in map(model.get_submodule, [${names}]):\n    ${spelling.code}`;
}

function keras(
  spec: ModelSpec,
  change: Change,
  target: Semantics,
  layers: ReadonlyMap<string, LayerSpec>,
): string {
  const spelling = spellInitializer(change.initializer, target, { from: spec.semantics.value });
  const mark = target === 'tfjs' ? '//' : '#';
  const names = change.layers.join(', ');
  if (spelling === undefined)
    return `${mark} ${names}: this framework has no initializer that draws ${change.initializer.id}`;
  const key = keyOf(layers.get(change.layers[0] ?? ''), change.weight);
  return target === 'tfjs'
    ? `// ${names}\n${camel(key)}: ${spelling.code},`
    : `# ${names}\n${key}=${spelling.code},`;
}

/** The changes as code to copy, for every framework, each drawing the same law with that framework's traps avoided. */
export function snippets(spec: ModelSpec, changes: readonly Change[]): Readonly<Record<Semantics, string>> {
  const layers = new Map(everyLayer(spec).map((layer) => [layer.id, layer]));
  const write = (target: Semantics): string =>
    changes
      .map((change) => (target === 'pytorch' ? torch(spec, change) : keras(spec, change, target, layers)))
      .join('\n');
  return Object.fromEntries(SEMANTICS.map((target) => [target, write(target)])) as Record<Semantics, string>;
}
