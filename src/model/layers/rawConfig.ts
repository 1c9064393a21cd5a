import { parseActivation } from '../activations/catalogue.ts';
import { defaultInitializer, parseInitializer } from '../initializers/catalogue.ts';
import type { InitializerSpec } from '../initializers/initializer.ts';
import type { JsonObject } from '../json.ts';
import type { Origin } from '../origin.ts';
import { InputError, UnknownPartError } from '../problem.ts';
import type { Semantics } from '../semantics.ts';
import { camelKey } from './keys.ts';
import type { RawConfig } from './kind.ts';

const LARGEST = 2 ** 31 - 1;
const plain = (text: string): string => text.toLowerCase().replaceAll('_', '');
const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of Keras 1, whose `orthogonal` has the gain 1.1. */
const KERAS1_KEYS = new Set(['init', 'inner_init']);

/** Typed access to a raw config (keys in snake or camel case); `place` gives the origin of a key's value, for errors. */
export function rawConfig(
  className: string,
  config: JsonObject,
  semantics: Semantics,
  place: (...keys: readonly string[]) => Origin | undefined,
): RawConfig {
  const find = (keys: readonly string[]): { key: string; value: unknown } | undefined => {
    for (const key of keys) {
      if (Object.hasOwn(config, key)) return { key, value: config[key] };
      const other = camelKey(key);
      if (Object.hasOwn(config, other)) return { key: other, value: config[other] };
    }
    return undefined;
  };
  const given = (keys: readonly string[]): { key: string; value: unknown } | undefined => {
    const found = find(keys);
    return found === undefined || found.value === null || found.value === undefined ? undefined : found;
  };
  const fail = (key: string, value: unknown, expected: string): never => {
    const at = place(key);
    throw new InputError({
      message: `${className}: ${value === undefined ? `${key} is missing` : `${key} is not usable`}.`,
      ...(value === undefined ? {} : { found: (JSON.stringify(value) ?? 'undefined').slice(0, 120) }),
      expected,
      ...(at === undefined ? {} : { file: at.file, range: at.range }),
    });
  };
  const located = <T>(key: string, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError) || error.problem.range !== undefined) throw error;
      const at = place(key);
      const Kind = error instanceof UnknownPartError ? UnknownPartError : InputError;
      throw new Kind({
        ...error.problem,
        message: `${className}: ${error.problem.message}`,
        ...(at === undefined ? {} : { file: at.file, range: at.range }),
      });
    }
  };
  const wrapped = (value: unknown, ...keys: readonly string[]): RawConfig => {
    const name = isRecord(value) ? (value['class_name'] ?? value['className']) : undefined;
    if (!isRecord(value) || typeof name !== 'string')
      return fail(keys[0] ?? '', value, 'a layer: {class_name, config}');
    const inner = value['config'];
    return rawConfig(name, isRecord(inner) ? inner : {}, semantics, (...more) =>
      place(...keys, 'config', ...more),
    );
  };
  const first = (keys: readonly string[]): string => keys[0] ?? '';
  return {
    className,
    semantics,
    has: (...keys) => find(keys) !== undefined,
    raw: (...keys) => find(keys)?.value,
    number: (keys, fallback) => {
      const found = given(keys);
      if (found === undefined) return fallback ?? fail(first(keys), undefined, 'a number');
      if (typeof found.value === 'number' && Number.isFinite(found.value)) return found.value;
      return fail(found.key, found.value, 'a finite number');
    },
    size: (keys, fallback) => {
      const found = given(keys);
      if (found === undefined) return fallback ?? fail(first(keys), undefined, 'a positive integer');
      const value =
        Array.isArray(found.value) && found.value.length === 1 ? (found.value[0] as unknown) : found.value;
      if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST) return value;
      return fail(found.key, found.value, `a positive integer up to ${LARGEST}`);
    },
    boolean: (keys, fallback) => {
      const found = given(keys);
      if (found === undefined) return fallback ?? fail(first(keys), undefined, 'true or false');
      if (typeof found.value === 'boolean') return found.value;
      if (found.value === 0 || found.value === 1) return found.value === 1;
      return fail(found.key, found.value, 'true or false');
    },
    string: (keys, allowed, fallback) => {
      const found = given(keys);
      if (found === undefined) return fallback ?? fail(first(keys), undefined, allowed.join(', '));
      const text = typeof found.value === 'string' ? plain(found.value) : undefined;
      const match = allowed.find((item) => plain(item) === text);
      return match ?? fail(found.key, found.value, allowed.join(', '));
    },
    tuple: (keys, rank, fallback) => {
      const found = given(keys);
      if (found === undefined) return fallback ?? fail(first(keys), undefined, `${rank} integers`);
      const list: readonly unknown[] = Array.isArray(found.value)
        ? (found.value as unknown[])
        : Array.from({ length: rank }, () => found.value);
      const sized = list.length === 1 && rank > 1 ? Array.from({ length: rank }, () => list[0]) : list;
      const ok =
        sized.length === rank &&
        sized.every((item) => Number.isInteger(item) && Math.abs(item as number) <= LARGEST);
      return ok ? (sized as number[]) : fail(found.key, found.value, `${rank} integers`);
    },
    initializer: (keys, fallback) => {
      const found = given(keys);
      if (found === undefined) return defaultInitializer(fallback, semantics);
      const spec: InitializerSpec = located(found.key, () => parseInitializer(found.value, semantics));
      const keras1 = KERAS1_KEYS.has(found.key) && spec.id === 'orthogonal' && found.value === 'orthogonal';
      return keras1 ? { ...spec, params: { gain: 1.1 } } : spec;
    },
    activation: (keys, fallback) => {
      const found = find(keys);
      const raw = found === undefined ? fallback : found.value;
      const spec = parseActivation(raw, semantics);
      if (spec === undefined) {
        const at = place(found?.key ?? first(keys));
        throw new UnknownPartError({
          message: `${className}: unknown activation.`,
          found: (JSON.stringify(raw) ?? 'nothing').slice(0, 120),
          expected: 'an activation of Keras, TensorFlow.js or PyTorch',
          ...(at === undefined ? {} : { file: at.file, range: at.range }),
        });
      }
      return spec.id === 'linear' ? undefined : spec;
    },
    nested: (key) => wrapped(find([key])?.value, key),
    nestedList: (key) => {
      const value = find([key])?.value;
      if (!Array.isArray(value)) return fail(key, value, 'a list of layers');
      return (value as unknown[]).map((item, index) => wrapped(item, key, String(index)));
    },
  };
}
