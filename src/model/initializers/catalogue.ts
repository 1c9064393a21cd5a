import { UnknownPartError } from '../problem.ts';
import type { Semantics } from '../semantics.ts';
import { constant } from './constant.ts';
import { forgetGateOnes } from './forgetGateOnes.ts';
import { glorotNormal } from './glorotNormal.ts';
import { glorotUniform } from './glorotUniform.ts';
import { heNormal } from './heNormal.ts';
import { heUniform } from './heUniform.ts';
import { identity } from './identity.ts';
import type { InitializerKind, InitializerSpec, Law, WeightFans } from './initializer.ts';
import { kaimingNormal, kaimingUniform } from './kaiming.ts';
import { leCunNormal } from './leCunNormal.ts';
import { leCunUniform } from './leCunUniform.ts';
import { ones } from './ones.ts';
import { orthogonal } from './orthogonal.ts';
import { randomNormal } from './randomNormal.ts';
import { randomUniform } from './randomUniform.ts';
import { sparse } from './sparse.ts';
import { truncatedNormal } from './truncatedNormal.ts';
import { varianceScaling } from './varianceScaling.ts';
import { zeros } from './zeros.ts';

/** Every initializer we know, over all frameworks. */
export const INITIALIZERS: readonly InitializerKind[] = [
  zeros,
  ones,
  constant,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  leCunNormal,
  leCunUniform,
  orthogonal,
  identity,
  kaimingNormal,
  kaimingUniform,
  sparse,
  forgetGateOnes,
];

const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('_', '')
    .replace(/(v[12])?(initializer)?$/, '');
const byId = new Map(INITIALIZERS.map((kind) => [kind.id, kind]));
const byName = new Map(INITIALIZERS.flatMap((kind) => kind.names.map((name) => [plainName(name), kind])));

/** The row of this id. Throws a RangeError for an id that no row has: ids come from us, not from files. */
export function initializerKind(id: string): InitializerKind {
  const kind = byId.get(id);
  if (kind === undefined) throw new RangeError(`no initializer ${id}`);
  return kind;
}

/** The row that a class or function name of any framework means, whatever its case; undefined when there is none. */
export function initializerKindOfName(name: string): InitializerKind | undefined {
  return byName.get(plainName(name));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const own = (value: Readonly<Record<string, unknown>>, ...keys: readonly string[]): unknown => {
  for (const key of keys) if (Object.hasOwn(value, key)) return value[key];
  return undefined;
};

/** Class name and config of a raw initializer: a name, `{class_name, config}` with or without Keras 3's wrapper, camel case too. */
function unwrap(
  raw: unknown,
): { name: string; config: Readonly<Record<string, unknown>>; shared?: string } | undefined {
  if (typeof raw === 'string') return { name: raw, config: {} };
  if (!isRecord(raw)) return undefined;
  const name = own(raw, 'class_name', 'className');
  const config = own(raw, 'config');
  if (name === 'function' && typeof config === 'string') return { name: config, config: {} };
  if (typeof name !== 'string') return undefined;
  const id = own(raw, 'shared_object_id');
  const settings = isRecord(config) ? config : {};
  return { name, config: settings, ...(typeof id === 'number' ? { shared: `object ${id}` } : {}) };
}

function writtenAs(name: string, config: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(config).filter(
    ([key, value]) => value !== null && !['dtype', 'input_axes', 'output_axes'].includes(key),
  );
  if (shown.length === 0) return name;
  return `${name}(${shown.map(([key, value]) => `${key}=${JSON.stringify(value).slice(0, 60)}`).join(', ')})`;
}

const SEED_TRAP = 'TF.js takes the seed 0 for none: every build draws anew';

/** A seed as the framework reads it: TF.js takes 0 for none, Keras 3 may wrap it. */
function seedOf(config: Readonly<Record<string, unknown>>, semantics: Semantics): number | null {
  let seed = own(config, 'seed');
  if (isRecord(seed)) {
    const inner = own(seed, 'config');
    seed = isRecord(inner) ? own(inner, 'seed') : undefined;
  }
  if (typeof seed !== 'number' || (semantics === 'tfjs' && seed === 0)) return null;
  return seed;
}

/**
 * A raw initializer (a name, or `{class_name, config}` in any framework's wrapping) as a spec with complete parameters.
 * Throws an InputError that names what was found when no row knows it.
 */
export function parseInitializer(raw: unknown, semantics: Semantics): InitializerSpec {
  const parts = unwrap(raw);
  const kind = parts === undefined ? undefined : initializerKindOfName(parts.name);
  if (parts === undefined || kind === undefined)
    throw new UnknownPartError({
      message: parts === undefined ? 'This is no initializer.' : `Unknown initializer "${parts.name}".`,
      found: (JSON.stringify(raw) ?? 'nothing').slice(0, 120),
      expected: 'an initializer of Keras, TensorFlow.js or PyTorch',
      hint: 'A custom initializer cannot be drawn here: the layer is left out.',
    });
  const seed = seedOf(parts.config, semantics);
  const unseeded = semantics === 'tfjs' && own(parts.config, 'seed') === 0 ? SEED_TRAP : undefined;
  const traps = [kind.trap?.(parts.config, semantics), unseeded].filter((each) => each !== undefined);
  return {
    id: kind.id,
    params: kind.params(parts.config, semantics),
    seed,
    written: writtenAs(parts.name, parts.config),
    ...(parts.shared === undefined || seed !== null ? {} : { shared: parts.shared }),
    ...(traps.length === 0 ? {} : { trap: traps.join('; ') }),
  };
}

/** The initializer a framework uses where a file names none: `id` with that framework's default parameters. */
export function defaultInitializer(id: string, semantics: Semantics): InitializerSpec {
  const kind = initializerKind(id);
  const trap = kind.trap?.({}, semantics);
  return {
    id,
    params: kind.params(id === 'constant' ? { value: 0 } : {}, semantics),
    seed: null,
    written: '(default)',
    ...(trap === undefined ? {} : { trap }),
  };
}

/** The distribution really drawn for a weight of these fans. Throws an InputError where the framework would refuse. */
export function initializerLaw(spec: InitializerSpec, fans: WeightFans, semantics: Semantics): Law {
  return initializerKind(spec.id).law(spec.params, fans, semantics);
}
