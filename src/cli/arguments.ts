import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { UsageError } from './io.ts';

/** Parsed command line: values as strings, switches as booleans, repeated options as lists. */
export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  list(name: string): readonly string[];
  flag(name: string): boolean;
  choice<T extends string>(name: string, allowed: readonly T[]): T | undefined;
  /** A finite number in [low, high]. */
  number(name: string, low: number, high: number, whole?: boolean): number | undefined;
}

function closest(wrong: string, known: readonly string[]): string | undefined {
  const near = known.filter((name) => distance(wrong, name) <= Math.max(1, Math.floor(name.length / 3)));
  return near.sort((a, b) => distance(wrong, a) - distance(wrong, b))[0];
}

/** Levenshtein distance: number of letters to add, drop or replace. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1)
      current.push(
        Math.min(
          (previous[j] ?? 0) + 1,
          (current[j - 1] ?? 0) + 1,
          (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** `; did you mean …?` when one of the known words is near. */
export function didYouMean(wrong: string, known: readonly string[], prefix = ''): string {
  const near = closest(wrong, known);
  return near === undefined ? '' : `; did you mean ${prefix}${near}?`;
}

/** Parses the arguments of one command; every mistake is a UsageError in one line. */
export function parseArguments(args: readonly string[], options: ParseArgsOptionsConfig): Arguments {
  const known = Object.keys(options);
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, (string | true)[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined)
      throw new UsageError(`there is no option ${token.rawName}${didYouMean(token.name, known, '--')}`);
    if (option.type === 'boolean' && token.value !== undefined)
      throw new UsageError(`--${token.name} takes no value`);
    if (option.type === 'string' && (token.value === undefined || token.value === ''))
      throw new UsageError(`--${token.name} needs a value`);
    const given = values.get(token.name) ?? [];
    if (given.length > 0 && option.type === 'string' && option.multiple !== true)
      throw new UsageError(`--${token.name} is given twice`);
    values.set(token.name, [...given, token.value ?? true]);
  }
  const list = (name: string) => (values.get(name) ?? []).map(String);
  const text = (name: string) => list(name)[0];
  return {
    positionals,
    text,
    list,
    flag: (name) => values.has(name),
    choice: (name, allowed) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const chosen = allowed.find((each) => each === value);
      if (chosen === undefined)
        throw new UsageError(`--${name} is ${allowed.join(', ')}; found ${JSON.stringify(value)}`);
      return chosen;
    },
    number: (name, low, high, whole = false) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (!Number.isFinite(number) || number < low || number > high || (whole && !Number.isInteger(number)))
        throw new UsageError(
          `--${name} needs ${whole ? 'a whole number' : 'a number'} from ${low} to ${high}; found ${JSON.stringify(value)}`,
        );
      return number;
    },
  };
}
