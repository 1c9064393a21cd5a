import { InputError } from '../problem.ts';
import type { Semantics } from '../semantics.ts';

type Written = Readonly<Record<string, unknown>>;

const own = (written: Written, key: string): unknown =>
  Object.hasOwn(written, key) ? written[key] : undefined;

/** The number under the first key present, else the fallback. Throws an InputError on anything but a finite number. */
export function numberParameter(written: Written, keys: readonly string[], fallback: number): number {
  for (const key of keys) {
    const value = own(written, key);
    if (value === undefined || value === null) continue;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new InputError({
      message: `The initializer's ${key} is no number.`,
      found: JSON.stringify(value),
      expected: 'a finite number',
    });
  }
  return fallback;
}

/** As `numberParameter`, with TF.js's `value || default`: there an explicit 0 means the default (theory.md §5). */
export function defaultedParameter(
  written: Written,
  keys: readonly string[],
  fallback: number,
  semantics: Semantics,
): number {
  const value = numberParameter(written, keys, fallback);
  return semantics === 'tfjs' && value === 0 ? fallback : value;
}

/** The line for a written 0 that TF.js takes for its default; undefined where nothing of the kind is written. */
export function zeroTrap(
  written: Written,
  defaults: Readonly<Record<string, number>>,
  semantics: Semantics,
): string | undefined {
  if (semantics !== 'tfjs') return undefined;
  for (const [key, value] of Object.entries(defaults)) {
    if (own(written, key) === 0 && value !== 0)
      return `TF.js takes the written ${key} 0 for absent and draws with its default ${value}`;
  }
  return undefined;
}

/** The canonical camel case of a written option: `fan_in` → `fanIn`. */
export function camelCase(text: string): string {
  return text.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
