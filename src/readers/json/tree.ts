import { CELL, type FlatJson, type JsonNode, KIND, nodeAt } from './node.ts';

const SLOTS = 0xfff;
/** Characters of a text for each value that room is made for at first. */
const PER_VALUE = 32;
/** Literals by the code of their first character. */
const LITERALS: ReadonlyMap<number, readonly [written: string, kind: number]> = new Map([
  [0x74, ['true', KIND.true]],
  [0x66, ['false', KIND.false]],
  [0x6e, ['null', KIND.null]],
]);

/** The keys of a text, each kept once: files repeat few keys many times. */
class Keys {
  readonly names: string[] = [];
  readonly #known = new Map<string, number>();
  readonly #slots = new Int32Array(SLOTS + 1).fill(-1);
  readonly #owners: number[] = [];

  /** The number of the key that is written, without escapes, from `start` to `end`; `hash` is that of its characters. */
  written(text: string, start: number, end: number, hash: number): number {
    const slot = hash & SLOTS;
    const before = this.#slots[slot] ?? -1;
    const name = this.names[before];
    if (name?.length === end - start && text.startsWith(name, start)) return before;
    return (this.#slots[slot] = this.named(text.slice(start, end)));
  }

  named(name: string): number {
    let number = this.#known.get(name);
    if (number === undefined) {
      number = this.names.push(name) - 1;
      this.#known.set(name, number);
      this.#owners.push(-1);
    }
    return number;
  }

  /** Notes that an object has this key; false when it has it already. Objects are taken one after another. */
  own(key: number, object: number): boolean {
    if (this.#owners[key] === object) return false;
    this.#owners[key] = object;
    return true;
  }
}

/**
 * The tree of strict JSON without a fault in one pass, with the nodes that jsonc-parser's `parseTree` gives. Undefined for every other
 * text, for a key twice in one object and below `maxDepth` levels: what is wrong is left to the slower jsonc-parser to name.
 */
export function faultlessTree(text: string, maxDepth: number): JsonNode | undefined {
  let at = 0;
  let count = 0;
  let cells = new Int32Array(CELL.size * (16 + Math.ceil(text.length / PER_VALUE)));
  const keys = new Keys();
  let escaped = false;
  let hash = 0;

  const begin = (kind: number): number => {
    const place = CELL.size * count++;
    if (place + CELL.size > cells.length) {
      const wider = new Int32Array(2 * cells.length);
      wider.set(cells);
      cells = wider;
    }
    cells[place + CELL.kind] = kind;
    cells[place + CELL.start] = at;
    cells[place + CELL.key] = -1;
    return place;
  };

  const end = (place: number): true => {
    cells[place + CELL.end] = at;
    cells[place + CELL.next] = count;
    return true;
  };

  const skipSpace = (): void => {
    for (let code = text.charCodeAt(at); code <= 0x20; code = text.charCodeAt(++at))
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
  };

  /** Goes over a string, and says in `escaped` and `hash` what it is like. */
  const overString = (): boolean => {
    const start = at;
    escaped = false;
    hash = 0;
    for (at++; ; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) break;
      if (code === 0x5c) {
        escaped = true;
        at++;
      } else if (!(code >= 0x20)) return false;
      hash = (31 * hash + code) | 0;
    }
    at++;
    return !escaped || unescaped(text.slice(start, at)) !== undefined;
  };

  const overDigits = (): boolean => {
    const start = at;
    for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(at)) at++;
    return at > start;
  };

  const overNumber = (): boolean => {
    if (text.charCodeAt(at) === 0x2d) at++;
    if (text.charCodeAt(at) === 0x30) at++;
    else if (!overDigits()) return false;
    if (text.charCodeAt(at) === 0x2e) {
      at++;
      if (!overDigits()) return false;
    }
    if ((text.charCodeAt(at) | 0x20) !== 0x65) return true;
    at++;
    const sign = text.charCodeAt(at);
    if (sign === 0x2b || sign === 0x2d) at++;
    return overDigits();
  };

  const number = (): boolean => {
    const place = begin(KIND.number);
    return overNumber() && end(place);
  };

  const literal = (code: number): boolean => {
    const [written, kind] = LITERALS.get(code) ?? ['', 0];
    if (written === '' || !text.startsWith(written, at)) return false;
    const place = begin(kind);
    at += written.length;
    return end(place);
  };

  const string = (): boolean => {
    const place = begin(KIND.string);
    if (!overString()) return false;
    if (escaped) cells[place + CELL.kind] = KIND.escaped;
    return end(place);
  };

  const property = (depth: number): boolean => {
    const start = at;
    if (text.charCodeAt(at) !== 0x22 || !overString()) return false;
    const key = escaped
      ? keys.named(String(unescaped(text.slice(start, at))))
      : keys.written(text, start + 1, at - 1, hash);
    const keyEnd = at;
    skipSpace();
    if (text.charCodeAt(at++) !== 0x3a) return false;
    const place = CELL.size * count;
    if (!value(depth)) return false;
    cells[place + CELL.key] = key;
    cells[place + CELL.keyStart] = start;
    cells[place + CELL.keyEnd] = keyEnd;
    return true;
  };

  const repeatsKey = (object: number): boolean => {
    for (let inside = object + 1; inside < count; inside = cells[inside * CELL.size + CELL.next] ?? count)
      if (!keys.own(cells[inside * CELL.size + CELL.key] ?? -1, object)) return true;
    return false;
  };

  const list = (kind: number, last: number, depth: number): boolean => {
    if (depth > maxDepth) return false;
    const node = count;
    const place = begin(kind);
    at++;
    skipSpace();
    if (text.charCodeAt(at) === last) at++;
    else
      for (let next = 0x2c; next !== last; next = text.charCodeAt(at++)) {
        if (next !== 0x2c) return false;
        skipSpace();
        if (!(kind === KIND.object ? property(depth) : value(depth))) return false;
        skipSpace();
      }
    return !(kind === KIND.object && repeatsKey(node)) && end(place);
  };

  const value = (depth: number): boolean => {
    skipSpace();
    const code = text.charCodeAt(at);
    if (code === 0x7b) return list(KIND.object, 0x7d, depth + 1);
    if (code === 0x5b) return list(KIND.array, 0x5d, depth + 1);
    if (code === 0x22) return string();
    return code >= 0x61 ? literal(code) : number();
  };

  if (!value(0)) return undefined;
  skipSpace();
  if (at !== text.length) return undefined;
  const flat: FlatJson = { text, cells, keys: keys.names, nodes: new Array<JsonNode | undefined>(count) };
  return nodeAt(flat, 0);
}

function unescaped(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}
