import { parseActivation } from '../activations/catalogue.ts';
import { defaultInitializer, parseInitializer } from '../initializers/catalogue.ts';
import type { ActivationSpec } from '../activations/activation.ts';
import type { InitializerSpec } from '../initializers/initializer.ts';
import type { JsonObject } from '../json.ts';
import type { Origin } from '../origin.ts';
import { InputError, UnknownPartError } from '../problem.ts';
import type { Semantics } from '../semantics.ts';
import { camelKey } from './keys.ts';
import type { RawConfig } from './kind.ts';

const LARGEST = 2 ** 31 - 1;
const plain = (text: string): string => text.toLowerCase().replaceAll('_', '');
const first = (keys: readonly string[]): string => keys[0] ?? '';
const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of Keras 1, whose `orthogonal` has the gain 1.1. */
const KERAS1_KEYS = new Set(['init', 'inner_init']);

type Place = (...keys: readonly string[]) => Origin | undefined;

/** Typed access to a raw config (keys in snake or camel case); `place` gives the origin of a key's value, for errors. */
export function rawConfig(
  className: string,
  config: JsonObject,
  semantics: Semantics,
  place: Place,
): RawConfig {
  return new ReadConfig(className, config, semantics, place);
}

interface Found {
  readonly key: string;
  readonly value: unknown;
}

class ReadConfig implements RawConfig {
  readonly className: string;
  readonly semantics: Semantics;
  readonly #config: JsonObject;
  readonly #place: Place;

  constructor(className: string, config: JsonObject, semantics: Semantics, place: Place) {
    this.className = className;
    this.semantics = semantics;
    this.#config = config;
    this.#place = place;
  }

  has(...keys: readonly string[]): boolean {
    return this.#find(keys) !== undefined;
  }

  raw(...keys: readonly string[]): unknown {
    return this.#find(keys)?.value;
  }

  number(keys: readonly string[], fallback?: number): number {
    const found = this.#given(keys);
    if (found === undefined) return fallback ?? this.#fail(first(keys), undefined, 'a number');
    if (typeof found.value === 'number' && Number.isFinite(found.value)) return found.value;
    return this.#fail(found.key, found.value, 'a finite number');
  }

  size(keys: readonly string[], fallback?: number): number {
    const found = this.#given(keys);
    if (found === undefined) return fallback ?? this.#fail(first(keys), undefined, 'a positive integer');
    const value =
      Array.isArray(found.value) && found.value.length === 1 ? (found.value[0] as unknown) : found.value;
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST) return value;
    return this.#fail(found.key, found.value, `a positive integer up to ${LARGEST}`);
  }

  boolean(keys: readonly string[], fallback?: boolean): boolean {
    const found = this.#given(keys);
    if (found === undefined) return fallback ?? this.#fail(first(keys), undefined, 'true or false');
    if (typeof found.value === 'boolean') return found.value;
    if (found.value === 0 || found.value === 1) return found.value === 1;
    return this.#fail(found.key, found.value, 'true or false');
  }

  string<T extends string>(keys: readonly string[], allowed: readonly T[], fallback?: T): T {
    const found = this.#given(keys);
    if (found === undefined) return fallback ?? this.#fail(first(keys), undefined, allowed.join(', '));
    const text = typeof found.value === 'string' ? plain(found.value) : undefined;
    const match = allowed.find((item) => plain(item) === text);
    return match ?? this.#fail(found.key, found.value, allowed.join(', '));
  }

  tuple(keys: readonly string[], rank: number, fallback?: readonly number[]): readonly number[] {
    const found = this.#given(keys);
    if (found === undefined) return fallback ?? this.#fail(first(keys), undefined, `${rank} integers`);
    const list: readonly unknown[] = Array.isArray(found.value)
      ? (found.value as unknown[])
      : Array.from({ length: rank }, () => found.value);
    const sized = list.length === 1 && rank > 1 ? Array.from({ length: rank }, () => list[0]) : list;
    const ok =
      sized.length === rank &&
      sized.every((item) => Number.isInteger(item) && Math.abs(item as number) <= LARGEST);
    return ok ? (sized as number[]) : this.#fail(found.key, found.value, `${rank} integers`);
  }

  initializer(keys: readonly string[], fallback: string): InitializerSpec {
    const found = this.#given(keys);
    if (found === undefined) return defaultInitializer(fallback, this.semantics);
    const spec = this.#located(found.key, () => parseInitializer(found.value, this.semantics));
    const keras1 = KERAS1_KEYS.has(found.key) && spec.id === 'orthogonal' && found.value === 'orthogonal';
    return keras1 ? { ...spec, params: { gain: 1.1 } } : spec;
  }

  activation(keys: readonly string[], fallback?: string): ActivationSpec | undefined {
    const found = this.#find(keys);
    const raw = found === undefined ? fallback : found.value;
    const spec = parseActivation(raw, this.semantics);
    if (spec === undefined) {
      const at = this.#place(found?.key ?? first(keys));
      throw new UnknownPartError({
        message: `${this.className}: unknown activation.`,
        found: (JSON.stringify(raw) ?? 'nothing').slice(0, 120),
        expected: 'an activation of Keras, TensorFlow.js or PyTorch',
        ...(at === undefined ? {} : { file: at.file, range: at.range }),
      });
    }
    return spec.id === 'linear' ? undefined : spec;
  }

  nested(key: string): RawConfig {
    return this.#wrapped(this.#find([key])?.value, key);
  }

  nestedList(key: string): readonly RawConfig[] {
    const value = this.#find([key])?.value;
    if (!Array.isArray(value)) return this.#fail(key, value, 'a list of layers');
    return (value as unknown[]).map((item, index) => this.#wrapped(item, key, String(index)));
  }

  #find(keys: readonly string[]): Found | undefined {
    const config = this.#config;
    for (const key of keys) {
      if (Object.hasOwn(config, key)) return { key, value: config[key] };
      const other = camelKey(key);
      if (Object.hasOwn(config, other)) return { key: other, value: config[other] };
    }
    return undefined;
  }

  #given(keys: readonly string[]): Found | undefined {
    const found = this.#find(keys);
    return found === undefined || found.value === null || found.value === undefined ? undefined : found;
  }

  #fail(key: string, value: unknown, expected: string): never {
    const at = this.#place(key);
    throw new InputError({
      message: `${this.className}: ${value === undefined ? `${key} is missing` : `${key} is not usable`}.`,
      ...(value === undefined ? {} : { found: (JSON.stringify(value) ?? 'undefined').slice(0, 120) }),
      expected,
      ...(at === undefined ? {} : { file: at.file, range: at.range }),
    });
  }

  #located<T>(key: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError) || error.problem.range !== undefined) throw error;
      const at = this.#place(key);
      const Kind = error instanceof UnknownPartError ? UnknownPartError : InputError;
      throw new Kind({
        ...error.problem,
        message: `${this.className}: ${error.problem.message}`,
        ...(at === undefined ? {} : { file: at.file, range: at.range }),
      });
    }
  }

  #wrapped(value: unknown, ...keys: readonly string[]): RawConfig {
    const name = isRecord(value) ? (value['class_name'] ?? value['className']) : undefined;
    if (!isRecord(value) || typeof name !== 'string')
      return this.#fail(keys[0] ?? '', value, 'a layer: {class_name, config}');
    const inner = value['config'];
    return new ReadConfig(name, isRecord(inner) ? inner : {}, this.semantics, (...more) =>
      this.#place(...keys, 'config', ...more),
    );
  }
}
