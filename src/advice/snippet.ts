import type { Change } from '../model/change.ts';
import { layersById } from '../model/everyLayer.ts';
import { spellInitializer } from '../model/initializers/spell.ts';
import { SEMANTICS, type Semantics } from '../model/semantics.ts';
import type { LayerSpec, ModelSpec } from '../model/spec.ts';

const camel = (key: string): string =>
  key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());

/** A layer's module in PyTorch, and the name that its weight has there; levels and directions of a recurrence (`rnn.l1_reverse`) share a module. */
function torchPlace(layer: LayerSpec | undefined, id: string, weight: string): readonly [string, string] {
  const path = id.replaceAll('/', '.');
  const bias = weight.endsWith('bias') || weight === 'beta';
  if (layer?.weights.some(({ part }) => part === 'recurrent') !== true)
    return [path, bias ? 'bias' : 'weight'];
  const [, module = path, level = '0', side = ''] = /^(.*)\.l(\d+)(_reverse)?$/.exec(path) ?? [];
  const name = `${bias ? 'bias' : 'weight'}_${weight.includes('recurrent') ? 'hh' : 'ih'}`;
  return [module, layer.className.endsWith('Cell') ? name : `${name}_l${level}${side}`];
}

function keyOf(layer: LayerSpec | undefined, weight: string): string {
  return layer?.weights.find(({ name }) => name === weight)?.key ?? `${weight}_initializer`;
}

function torch(spec: ModelSpec, change: Change, layers: ReadonlyMap<string, LayerSpec>): string {
  const modules = new Map<string, string[]>();
  for (const id of change.layers) {
    const layer = layers.get(id);
    const [module, name] = torchPlace(layer, id, change.weight);
    const shape = layer?.weights.find((weight) => weight.name === change.weight)?.shape ?? [];
    const spelling = spellInitializer(change.initializer, 'pytorch', {
      from: spec.semantics.value,
      tensor: `layer.${name}`,
      entries: shape.reduce((product, size) => product * size, 1),
    });
    if (spelling === undefined)
      return `# ${change.initializer.id}: PyTorch has no initializer that draws this`;
    modules.set(spelling.code, [...(modules.get(spelling.code) ?? []), `'${module}'`]);
  }
  const lines = [...modules].map(
    ([code, names]) =>
      `for layer in map(model.get_submodule, [${names.join(', ')}]):\n    ${code.replaceAll('\n', '\n    ')}`,
  );
  return lines.join('\n');
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
  const layers = layersById(spec.layers);
  const write = (target: Semantics): string =>
    changes
      .map((change) =>
        target === 'pytorch' ? torch(spec, change, layers) : keras(spec, change, target, layers),
      )
      .join('\n');
  return Object.fromEntries(SEMANTICS.map((target) => [target, write(target)])) as Record<Semantics, string>;
}
