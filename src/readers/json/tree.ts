import type { Node } from 'jsonc-parser';

const SLOTS = 0xfff;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS = [
  ['true', 'boolean', true],
  ['false', 'boolean', false],
  ['null', 'null', null],
] as const;

/**
 * The tree of strict JSON without a fault in one pass, as jsonc-parser's `parseTree` gives it but without `parent` and
 * `colonOffset`. Undefined for every other text, for a key twice in one object and below `maxDepth` levels: what is wrong is
 * left to the slower jsonc-parser to name.
 */
export function faultlessTree(text: string, maxDepth: number): Node | undefined {
  let at = 0;
  const known = new Array<string | undefined>(SLOTS + 1).fill(undefined);

  /** The text from `start` to `end`; one that was met before is taken again: files repeat few strings many times. */
  const met = (start: number, end: number, slot: number): string => {
    const before = known[slot];
    if (before?.length === end - start && text.startsWith(before, start)) return before;
    return (known[slot] = text.slice(start, end));
  };

  const skipSpace = (): void => {
    for (let code = text.charCodeAt(at); code <= 0x20; code = text.charCodeAt(++at))
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
  };

  const string = (): Node | undefined => {
    const offset = at;
    let escaped = false;
    let hash = 0;
    for (at++; ; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) break;
      if (code === 0x5c) {
        escaped = true;
        at++;
      } else if (!(code >= 0x20)) return undefined;
      hash = (31 * hash + code) | 0;
    }
    at++;
    const value: unknown = escaped
      ? unescaped(text.slice(offset, at))
      : met(offset + 1, at - 1, hash & SLOTS);
    return value === undefined ? undefined : { type: 'string', offset, length: at - offset, value };
  };

  const scalar = (): Node | undefined => {
    const offset = at;
    for (const [written, type, value] of LITERALS)
      if (text.startsWith(written, at)) {
        at += written.length;
        return { type, offset, length: written.length, value };
      }
    NUMBER.lastIndex = at;
    if (!NUMBER.test(text)) return undefined;
    at = NUMBER.lastIndex;
    return { type: 'number', offset, length: at - offset, value: Number(text.slice(offset, at)) };
  };

  const property = (depth: number): Node | undefined => {
    const offset = at;
    const key = text.charCodeAt(at) === 0x22 ? string() : undefined;
    if (key === undefined) return undefined;
    skipSpace();
    if (text.charCodeAt(at++) !== 0x3a) return undefined;
    const value = valueAt(depth);
    return value && { type: 'property', offset, length: at - offset, children: [key, value] };
  };

  const seenIn = new Map<string, readonly Node[]>();
  const repeats = (properties: readonly Node[]): boolean => {
    for (const { children } of properties) {
      const name = String(children?.[0]?.value);
      if (seenIn.get(name) === properties) return true;
      seenIn.set(name, properties);
    }
    return false;
  };

  const list = (type: 'object' | 'array', end: number, depth: number): Node | undefined => {
    const offset = at++;
    const children: Node[] = [];
    if (depth > maxDepth) return undefined;
    skipSpace();
    if (text.charCodeAt(at) === end) at++;
    else
      for (let next = 0x2c; next !== end; next = text.charCodeAt(at++)) {
        if (next !== 0x2c) return undefined;
        skipSpace();
        const child = type === 'object' ? property(depth) : valueAt(depth);
        if (child === undefined) return undefined;
        children.push(child);
        skipSpace();
      }
    if (type === 'object' && repeats(children)) return undefined;
    return { type, offset, length: at - offset, children };
  };

  const valueAt = (depth: number): Node | undefined => {
    skipSpace();
    const code = text.charCodeAt(at);
    if (code === 0x7b) return list('object', 0x7d, depth + 1);
    if (code === 0x5b) return list('array', 0x5d, depth + 1);
    return code === 0x22 ? string() : scalar();
  };

  const root = valueAt(0);
  skipSpace();
  return at === text.length ? root : undefined;
}

function unescaped(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}
