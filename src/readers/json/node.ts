import type { Json } from '../../model/json.ts';

/** Numbers of a value in `FlatJson.cells`, in this order. */
export const CELL = { kind: 0, start: 1, end: 2, next: 3, key: 4, keyStart: 5, keyEnd: 6, size: 7 } as const;

/** Kinds of values in `FlatJson.cells`; `escaped` is a string with escapes. */
export const KIND = {
  object: 0,
  array: 1,
  string: 2,
  escaped: 3,
  number: 4,
  true: 5,
  false: 6,
  null: 7,
} as const;

const TYPES = ['object', 'array', 'string', 'string', 'number', 'boolean', 'boolean', 'null'] as const;

/** The values of a JSON text in its order, as numbers: no object is made for a value until it is asked for. */
export interface FlatJson {
  readonly text: string;
  /** By value: its kind, where it starts and ends, the value after all that lies in it, its key in `keys` (-1: none), where that starts and ends. */
  readonly cells: Int32Array;
  readonly keys: readonly string[];
  /** The nodes made so far, by value: one node for one value. */
  readonly nodes: (JsonNode | undefined)[];
}

/** A value of an object, and its key. */
type Entry = readonly [key: string, value: JsonNode];

/** A node of a JSON text, as jsonc-parser describes it; what lies in it is made when it is asked for. */
export interface JsonNode {
  readonly type: (typeof TYPES)[number] | 'property';
  readonly offset: number;
  readonly length: number;
  /** As it is written. */
  readonly text: string;
  /** Of scalars, and of the string that is a key. */
  readonly value: unknown;
  /** Properties of an object, elements of an array, key and value of a property. */
  readonly children: readonly JsonNode[] | undefined;
  /** The value under an object's own key, or at an array's index. */
  entry(key: string): JsonNode | undefined;
  /** The values of an object under the keys that are wanted (all unless said), in its order. */
  entries(wanted?: (key: string) => boolean): readonly Entry[];
  /** The values directly in an object or an array. */
  values(): readonly JsonNode[];
  /** What a property or a value stands for, as JSON.parse gives it: `__proto__` is a key like any other. */
  plain(): Json;
}

/** The node of a value. */
export function nodeAt(flat: FlatJson, at: number): JsonNode {
  return (flat.nodes[at] ??= new ValueNode(flat, at));
}

class ValueNode implements JsonNode {
  readonly #flat: FlatJson;
  readonly #at: number;
  #children: readonly JsonNode[] | undefined;

  constructor(flat: FlatJson, at: number) {
    this.#flat = flat;
    this.#at = at;
  }

  get type(): (typeof TYPES)[number] {
    return TYPES[this.#cell(CELL.kind)] ?? 'null';
  }

  get offset(): number {
    return this.#cell(CELL.start);
  }

  get length(): number {
    return this.#cell(CELL.end) - this.#cell(CELL.start);
  }

  get text(): string {
    return this.#flat.text.slice(this.#cell(CELL.start), this.#cell(CELL.end));
  }

  get value(): unknown {
    switch (this.#cell(CELL.kind)) {
      case KIND.string:
        return this.text.slice(1, -1);
      case KIND.escaped:
        return JSON.parse(this.text);
      case KIND.number:
        return Number(this.text);
      case KIND.true:
        return true;
      case KIND.false:
        return false;
      case KIND.null:
        return null;
      default:
        return undefined;
    }
  }

  get children(): readonly JsonNode[] | undefined {
    const kind = this.#cell(CELL.kind);
    if (kind > KIND.array) return undefined;
    return (this.#children ??=
      kind === KIND.array ? this.values() : this.#inside().map((at) => propertyAt(this.#flat, at)));
  }

  entry(key: string): JsonNode | undefined {
    const { keys, cells } = this.#flat;
    const kind = this.#cell(CELL.kind);
    if (kind > KIND.array) return undefined;
    const index = kind === KIND.array ? Number(key) : -1;
    const end = this.#cell(CELL.next);
    for (let at = this.#at + 1, place = 0; at < end; at = cells[at * CELL.size + CELL.next] ?? end, place++)
      if (kind === KIND.array ? place === index : keys[cells[at * CELL.size + CELL.key] ?? -1] === key)
        return nodeAt(this.#flat, at);
    return undefined;
  }

  entries(wanted: (key: string) => boolean = () => true): readonly Entry[] {
    if (this.#cell(CELL.kind) !== KIND.object) return [];
    const found: Entry[] = [];
    for (const at of this.#inside()) {
      const key = keyOf(this.#flat, at);
      if (wanted(key)) found.push([key, nodeAt(this.#flat, at)]);
    }
    return found;
  }

  values(): readonly JsonNode[] {
    return this.#cell(CELL.kind) > KIND.array ? [] : this.#inside().map((at) => nodeAt(this.#flat, at));
  }

  plain(): Json {
    if (this.#cell(CELL.kind) > KIND.array) return this.value as Json;
    return JSON.parse(this.text) as Json;
  }

  #cell(which: number): number {
    return this.#flat.cells[this.#at * CELL.size + which] ?? 0;
  }

  /** The values directly in this one. */
  #inside(): number[] {
    const { cells } = this.#flat;
    const end = this.#cell(CELL.next);
    const inside: number[] = [];
    for (let at = this.#at + 1; at < end; at = cells[at * CELL.size + CELL.next] ?? end) inside.push(at);
    return inside;
  }
}

function keyOf({ keys, cells }: FlatJson, at: number): string {
  return keys[cells[at * CELL.size + CELL.key] ?? -1] ?? '';
}

const none = (): undefined => undefined;
const nothing = (): readonly [] => [];

function propertyAt(flat: FlatJson, at: number): JsonNode {
  const value = nodeAt(flat, at);
  const start = flat.cells[at * CELL.size + CELL.keyStart] ?? 0;
  const end = flat.cells[at * CELL.size + CELL.keyEnd] ?? 0;
  const name = keyOf(flat, at);
  const plain = (): Json => name;
  const key: JsonNode = {
    type: 'string',
    offset: start,
    length: end - start,
    text: flat.text.slice(start, end),
    value: name,
    children: undefined,
    entry: none,
    entries: nothing,
    values: nothing,
    plain,
  };
  return {
    type: 'property',
    offset: start,
    length: value.offset + value.length - start,
    text: flat.text.slice(start, value.offset + value.length),
    value: undefined,
    children: [key, value],
    entry: none,
    entries: nothing,
    values: nothing,
    plain: () => value.plain(),
  };
}
