import type { JsonNode } from './node.ts';
import { parseActivation } from '../../model/activations/catalogue.ts';
import { initializerKindOfName } from '../../model/initializers/catalogue.ts';
import { layerKindOfClass } from '../../model/layers/catalogue.ts';
import type { Problem } from '../../model/problem.ts';
import { ACTIVATION, INITIALIZER } from './layerText.ts';
import { member, rangeOf, textOf } from './parse.ts';
import { knownToTfjs, TFJS_NAMES } from './tfjsNames.ts';

type Part = 'layer' | 'initializer' | 'activation';

interface Use {
  readonly part: Part;
  readonly name: string;
  readonly node: JsonNode;
  /** A bare name, as opposed to the class of an object. */
  readonly short: boolean;
}

const LAYERS = new Set(['layers', 'layer', 'cell', 'cells', 'forward_layer', 'backward_layer']);

function use(part: Part, value: JsonNode): readonly Use[] {
  const classNode = member(value, 'class_name');
  const node = classNode ?? value;
  const name = textOf(node);
  return name === undefined ? [] : [{ part, name, node, short: classNode === undefined }];
}

/** Every layer, initializer and activation that a model names, nested ones included, in the order of the file. */
function uses(node: JsonNode): readonly Use[] {
  if (node.type === 'array') return node.values().flatMap(uses);
  return node.entries().flatMap(([key, value]): readonly Use[] => {
    if (ACTIVATION.test(key)) return use('activation', value);
    if (INITIALIZER.test(key)) return use('initializer', value);
    if (!LAYERS.has(key)) return uses(value);
    const items = value.type === 'array' ? value.values() : [value];
    return items.flatMap((item) => [...use('layer', item), ...uses(item)]);
  });
}

/** What we call a part of this name: undefined for one that only the author knows, who then registers it wherever the model is loaded. */
function meaning({ part, name }: Pick<Use, 'part' | 'name'>): string | undefined {
  if (part === 'activation') return parseActivation(name, 'tfjs')?.id;
  return part === 'initializer' ? initializerKindOfName(name)?.id : layerKindOfClass(name)?.id;
}

function hintFor({ part, name }: Use): string {
  const id = meaning({ part, name });
  const same = part === 'layer' ? [] : [...TFJS_NAMES].filter((other) => knownToTfjs(other, false));
  const other = same.find((each) => meaning({ part, name: each }) === id);
  return other === undefined
    ? 'Register a class of this name before the model is loaded, or use another.'
    : `Write "${other}", which is the same.`;
}

/**
 * A note for every layer, initializer and activation of a TensorFlow.js file that Keras knows and TensorFlow.js does not: it refuses to load
 * the model. It is inspected all the same.
 */
export function refusedByTfjs(model: JsonNode, file: string): readonly Problem[] {
  const refused = new Map<string, Use[]>();
  for (const each of uses(model)) {
    if (knownToTfjs(each.name, each.short && each.part === 'initializer')) continue;
    if (meaning(each) === undefined) continue;
    const key = `${each.part} "${each.name}"`;
    refused.set(key, [...(refused.get(key) ?? []), each]);
  }
  return [...refused].flatMap(([key, [first, ...more]]): Problem[] => {
    if (first === undefined) return [];
    return [
      {
        file,
        range: rangeOf(first.node),
        message: `TensorFlow.js has no ${key} and refuses the model, unless whoever loads it registers one.`,
        found: more.length === 0 ? `"${first.name}"` : `"${first.name}", ${more.length + 1} times`,
        expected: `a name of an ${first.part === 'layer' ? 'existing layer' : first.part} that TensorFlow.js registers`,
        hint: hintFor(first),
        severity: 'note',
      },
    ];
  });
}
