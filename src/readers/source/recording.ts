import type { JsonObject } from '../../model/json.ts';

/** A tensor of the recording: output of a call of a layer, or something that is not one. */
export type RecordedRef =
  | { readonly layer: number; readonly call: number; readonly output: number }
  | { readonly $unknown: number }
  | { readonly $value: unknown };

/** A call of a recorded layer. */
interface RecordedCall {
  readonly inputs: readonly RecordedRef[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly shape?: readonly (number | null)[];
}

/** A layer as the program made it. `fn` is the name in `tf.layers`, or `$custom`, `$model`, `$loaded`, `input`. */
export interface RecordedLayer {
  readonly id: number;
  readonly fn: string;
  readonly config: JsonObject;
  readonly sites: readonly number[];
  readonly run: number;
  readonly className?: string;
  readonly model?: number;
  readonly trainable?: unknown;
  readonly implicit?: boolean;
  readonly setWeights?: boolean;
  /** The layer of a model file of the project that it is. */
  readonly saved?: { readonly model: number; readonly layer: number };
  readonly asks: readonly number[];
  readonly calls: readonly RecordedCall[];
}

/** A model as the program made it. */
export interface RecordedModel {
  readonly id: number;
  readonly kind: 'sequential' | 'functional';
  readonly sites: readonly number[];
  readonly items: readonly number[];
  readonly inputs: readonly RecordedRef[];
  readonly outputs: readonly RecordedRef[];
  readonly losses: readonly unknown[];
  readonly run: number;
  readonly name?: string;
  readonly variable?: string;
  readonly asks: readonly number[];
  readonly broken?: { readonly site: number; readonly found: string };
  readonly setWeights?: boolean;
  /** A layer of the program's own in it was followed into operations: it is a graph, whatever it was made as. */
  readonly followed?: boolean;
  /** It was loaded, not built. */
  readonly loaded?: boolean;
}

/** A value that the file does not tell. `bases`: the values it was computed from. */
interface RecordedUnknown {
  readonly id: number;
  readonly path: string;
  readonly site: number;
  readonly bases?: readonly number[];
}

/** What the sandbox hands back. Its content is untrusted: the program had its hands in there. */
export interface Recording {
  readonly layers: readonly RecordedLayer[];
  readonly models: readonly RecordedModel[];
  readonly unknowns: readonly RecordedUnknown[];
  readonly notes: readonly {
    readonly kind: string;
    readonly path: string;
    readonly value?: unknown;
    readonly site: number;
    readonly run: number;
  }[];
  readonly errors: readonly { readonly site: number; readonly message: string; readonly run: number }[];
  readonly asks: readonly {
    readonly unknown: number;
    readonly site: number;
    readonly kind: string;
    readonly run: number;
  }[];
  /** What ended the program before its end. */
  readonly ended?: { readonly message: string; readonly stack: string; readonly site: number } | undefined;
  readonly offered: readonly (readonly [string, readonly (string | number | boolean)[]])[];
}

const EMPTY: Recording = {
  layers: [],
  models: [],
  unknowns: [],
  notes: [],
  errors: [],
  asks: [],
  offered: [],
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const whole = (value: unknown): number => (typeof value === 'number' && Number.isInteger(value) ? value : -1);
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 500) : '');
const numbers = (value: unknown): number[] => list(value).map(whole);

function ref(value: unknown): RecordedRef {
  if (isRecord(value) && 'layer' in value)
    return { layer: whole(value['layer']), call: whole(value['call']), output: whole(value['output']) };
  if (isRecord(value) && '$unknown' in value) return { $unknown: whole(value['$unknown']) };
  return { $value: null };
}

function layer(value: unknown, index: number): RecordedLayer {
  const own = isRecord(value) ? value : {};
  return {
    id: index,
    fn: text(own['fn']),
    config: (isRecord(own['config']) ? own['config'] : {}) as JsonObject,
    sites: numbers(own['sites']),
    run: whole(own['run']),
    ...(typeof own['className'] === 'string' ? { className: text(own['className']) } : {}),
    ...(typeof own['model'] === 'number' ? { model: whole(own['model']) } : {}),
    ...('trainable' in own ? { trainable: own['trainable'] } : {}),
    ...(own['implicit'] === true ? { implicit: true } : {}),
    ...(own['setWeights'] === true ? { setWeights: true } : {}),
    ...(isRecord(own['saved'])
      ? { saved: { model: whole(own['saved']['model']), layer: whole(own['saved']['layer']) } }
      : {}),
    asks: numbers(own['asks']),
    calls: list(own['calls']).map((call) => {
      const made = isRecord(call) ? call : {};
      return {
        inputs: list(made['inputs']).map(ref),
        kwargs: isRecord(made['kwargs']) ? made['kwargs'] : {},
        ...(Array.isArray(made['shape'])
          ? { shape: numbers(made['shape']).map((size) => (size < 0 ? null : size)) }
          : {}),
      };
    }),
  };
}

function model(value: unknown, index: number): RecordedModel {
  const own = isRecord(value) ? value : {};
  const broken = isRecord(own['broken'])
    ? { site: whole(own['broken']['site']), found: text(own['broken']['found']) }
    : undefined;
  return {
    id: index,
    kind: own['kind'] === 'sequential' ? 'sequential' : 'functional',
    sites: numbers(own['sites']),
    items: numbers(own['items']),
    inputs: list(own['inputs']).map(ref),
    outputs: list(own['outputs']).map(ref),
    losses: list(own['losses']),
    run: whole(own['run']),
    ...(typeof own['name'] === 'string' ? { name: text(own['name']) } : {}),
    ...(typeof own['variable'] === 'string' ? { variable: text(own['variable']) } : {}),
    asks: numbers(own['asks']),
    ...(broken === undefined ? {} : { broken }),
    ...(own['setWeights'] === true ? { setWeights: true } : {}),
    ...(own['followed'] === true ? { followed: true } : {}),
    ...(own['loaded'] === true ? { loaded: true } : {}),
  };
}

/** Entries at the numbers they carry, with gaps. */
function atNumbers<T>(entries: readonly unknown[], parse: (value: unknown, id: number) => T): T[] {
  const found: T[] = [];
  for (const entry of entries) {
    const id = isRecord(entry) ? whole(entry['id']) : -1;
    if (id >= 0 && id < 100_000) found[id] = parse(entry, id);
  }
  return found;
}

/**
 * Reads what came out of the sandbox, taking nothing on trust: a wrong shape becomes an empty part. `numbered`: only some layers
 * and models are given, each with its number.
 */
export function parseRecording(json: string, numbered = false): Recording {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return EMPTY;
  }
  if (!isRecord(value)) return EMPTY;
  const entries = (key: string): Record<string, unknown>[] => list(value[key]).filter(isRecord);
  return {
    layers: numbered ? atNumbers(list(value['layers']), layer) : list(value['layers']).map(layer),
    models: numbered ? atNumbers(list(value['models']), model) : list(value['models']).map(model),
    unknowns: list(value['unknowns']).map((item, index) => {
      const own = isRecord(item) ? item : {};
      return {
        id: index,
        path: text(own['path']),
        site: whole(own['site']),
        ...(Array.isArray(own['bases']) ? { bases: numbers(own['bases']) } : {}),
      };
    }),
    notes: entries('notes').map((own) => ({
      kind: text(own['kind']),
      path: text(own['path']),
      value: own['value'],
      site: whole(own['site']),
      run: whole(own['run']),
    })),
    ...(isRecord(value['ended'])
      ? {
          ended: {
            message: text(value['ended']['message']),
            stack: typeof value['ended']['stack'] === 'string' ? value['ended']['stack'].slice(0, 40000) : '',
            site: whole(value['ended']['site']),
          },
        }
      : {}),
    errors: entries('errors').map((own) => ({
      site: whole(own['site']),
      message: text(own['message']),
      run: whole(own['run']),
    })),
    asks: entries('asks').map((own) => ({
      unknown: whole(own['unknown']),
      site: whole(own['site']),
      kind: text(own['kind']),
      run: whole(own['run']),
    })),
    offered: list(value['offered']).flatMap((item) =>
      Array.isArray(item) && typeof item[0] === 'string'
        ? [
            [
              item[0],
              list(item[1]).filter(
                (entry) =>
                  typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean',
              ),
            ] as const,
          ]
        : [],
    ),
  };
}
