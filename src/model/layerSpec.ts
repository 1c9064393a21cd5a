import type { BuildContext } from './buildSpec.ts';
import { initializerLaw } from './initializers/catalogue.ts';
import { LARGEST } from './inferShapes.ts';
import { spelledKeys } from './layers/keys.ts';
import type { ParsedInner, WeightDeclaration } from './layers/kind.ts';
import type { Origin } from './origin.ts';
import { InputError } from './problem.ts';
import { atLayer, type Read } from './readLayer.ts';
import type { Semantics } from './semantics.ts';
import { sameShapes, type Shape } from './shape.ts';
import type { LayerSpec } from './spec.ts';

interface Declared {
  readonly shapes: readonly Shape[];
  readonly semantics: Semantics;
  readonly weights: readonly WeightDeclaration[];
}

/** The weights of a parsed layer for the shapes that it was asked for last. */
const declaredBefore = new WeakMap<Read['parsed'], Declared>();

function declared(read: Read, shapes: readonly Shape[], semantics: Semantics): readonly WeightDeclaration[] {
  const before = declaredBefore.get(read.parsed);
  if (before?.semantics === semantics && sameShapes(before.shapes, shapes)) return before.weights;
  const weights = declare(read, shapes, semantics);
  declaredBefore.set(read.parsed, { shapes, semantics, weights });
  return weights;
}

function declare(read: Read, shapes: readonly Shape[], semantics: Semantics): readonly WeightDeclaration[] {
  return atLayer(read.placed, () => {
    const below = 'layer/'.repeat(read.placed.steps).length;
    const weights = read.kind.weights(read.parsed, shapes, semantics).map((weight) => ({
      ...weight,
      key: weight.key.slice(below),
    }));
    for (const weight of weights) {
      const size = weight.shape.reduce((a, b) => a * b, 1);
      if (size > LARGEST)
        throw new InputError({
          message: `The weight ${weight.name} is too large to exist.`,
          found: `shape (${weight.shape.join(', ')}), ${size.toPrecision(3)} values`,
          expected: 'at most 2³¹ values in a weight',
        });
      if (weight.initializer.id === 'identity' || weight.initializer.params['values'] !== undefined)
        initializerLaw(weight.initializer, weight, semantics);
    }
    return weights;
  });
}

/** Initializer origins carry config keys in a raw layer and weight names in a spec. */
function placedOrigins(origins: readonly Origin[], weights: readonly WeightDeclaration[]): readonly Origin[] {
  const placed: Origin[] = [];
  for (const origin of origins) {
    const { kind, weight: key } = origin;
    if (kind !== 'initializer' || key === undefined) placed.push(origin);
    else
      for (const weight of weights)
        if (spelledKeys(weight.key).includes(key)) placed.push({ ...origin, weight: weight.name });
  }
  return placed;
}

function innerLayers(
  id: string,
  inner: readonly ParsedInner[] | undefined,
  origins: readonly Origin[],
): readonly LayerSpec[] | undefined {
  return inner?.map((part): LayerSpec => {
    const below = innerLayers(`${id}/${part.name}`, part.parsed.inner, origins);
    return {
      id: `${id}/${part.name}`,
      name: part.name,
      className: part.className,
      kind: part.kind,
      config: part.parsed.config,
      ...(part.parsed.activation === undefined ? {} : { activation: part.parsed.activation }),
      weights: [],
      roles: [],
      origins: origins.slice(0, 1),
      trainable: true,
      ...(below === undefined ? {} : { inner: below }),
    };
  });
}

/** A read layer as the spec has it, with its weights for these input shapes; without shapes it is opaque and depends on another. */
export function layerSpec(
  read: Read,
  shapes: readonly Shape[] | undefined,
  dependsOn: string | undefined,
  context: BuildContext,
): LayerSpec {
  const { placed, kind, parsed } = read;
  const lost = shapes === undefined;
  const weights = lost ? [] : declared(read, shapes, context.semantics.value);
  const raw = Object.hasOwn(placed.raw.config, 'trainable') ? placed.raw.config['trainable'] : true;
  const reason =
    read.opaque ?? (lost ? `It depends on "${dependsOn ?? '?'}", whose output shape is unknown.` : undefined);
  const inner = innerLayers(placed.id, parsed.inner, placed.raw.origins);
  return {
    id: placed.id,
    name: placed.raw.name,
    className: placed.raw.className,
    kind: lost ? 'opaque' : kind.id,
    config: parsed.config,
    ...(parsed.activation === undefined ? {} : { activation: parsed.activation }),
    weights,
    roles: [],
    origins: placedOrigins(placed.raw.origins, weights),
    trainable: raw !== false,
    ...(inner === undefined ? {} : { inner }),
    ...(reason === undefined ? {} : { opaque: reason }),
  };
}
