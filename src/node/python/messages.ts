import type { Measurement } from '../../model/measurement.ts';
import type { InitializerSpec, Law } from '../../model/initializers/initializer.ts';
import type { ProbeOptimizer, ProbeRuns } from '../../model/probe.ts';
import type { Problem } from '../../model/problem.ts';
import type { KerasInPython } from '../../model/pythonHost.ts';
import type { Question } from '../../model/reader.ts';
import type { CoordinateRun } from '../../model/scan.ts';
import type { LossSpec, ModelSpec } from '../../model/spec.ts';

/** Version of the messages; a probe of another one is refused. */
export const PROBE_PROTOCOL = 1;

/** A weight's law for a measurement with changes. */
export interface WeightLaw {
  readonly layer: string;
  readonly weight: string;
  readonly law: Law;
  readonly initializer: InitializerSpec['id'];
}

/** What the probe is asked; one JSON line each. */
export type Request =
  | {
      readonly type: 'read';
      readonly path: string;
      /** The project's folder: frames outside are not the user's, call sites are looked for inside. */
      readonly root?: string;
      readonly text?: string;
      readonly contentHash?: string;
      readonly cellLines?: readonly number[];
      readonly params?: Readonly<Record<string, number | string | boolean>>;
      readonly inputShapes?: Readonly<Record<string, readonly number[]>>;
      readonly model?: string;
      readonly listOnly?: boolean;
      readonly limits?: Readonly<Record<string, number>>;
    }
  | {
      readonly type: 'measure';
      readonly model: string;
      readonly seeds: readonly number[];
      readonly batch: number;
      readonly laws: readonly WeightLaw[];
      readonly loss?: LossSpec;
      /** The name of the output whose loss it is. */
      readonly output?: string;
    }
  | {
      readonly type: 'train';
      readonly model: string;
      readonly batch: number;
      readonly laws: readonly WeightLaw[];
      readonly optimizer: ProbeOptimizer;
      readonly rates: readonly number[];
      readonly seeds: readonly number[];
      readonly steps: number;
      readonly loss?: LossSpec;
      /** The name of the output whose loss it is. */
      readonly output?: string;
    }
  | {
      readonly type: 'coordinates';
      readonly model: string;
      readonly batch: number;
      readonly optimizer: ProbeOptimizer;
      readonly rate: number;
      readonly seeds: readonly number[];
      readonly steps: number;
      readonly loss?: LossSpec;
    };

/** The first message of a probe. */
export interface Hello {
  readonly type: 'hello';
  readonly protocol: number;
  readonly python: string;
  readonly executable: string;
  readonly packages: Readonly<Record<string, string>>;
}

/** What a `read` gives. */
export interface ModelsReply {
  readonly type: 'models';
  readonly specs: readonly ModelSpec[];
  readonly keras?: readonly KerasInPython[];
  readonly problems: readonly Problem[];
  readonly questions: readonly Question[];
  readonly notes: readonly string[];
  readonly contentHash?: string;
}

/** Everything a probe says. */
export type Reply =
  | Hello
  | ModelsReply
  | { readonly type: 'progress'; readonly done?: number; readonly total?: number; readonly text?: string }
  | { readonly type: 'measurement'; readonly measurement: Measurement }
  | { readonly type: 'trained'; readonly runs: ProbeRuns }
  | { readonly type: 'coordinates'; readonly runs: readonly CoordinateRun[] }
  | { readonly type: 'error'; readonly message: string; readonly trace?: string };

const SPECIAL: Readonly<Record<string, number>> = {
  '#NaN': NaN,
  '#Infinity': Infinity,
  '#-Infinity': -Infinity,
};
/** A function for every value costs ten times the parsing: it is only given where one of them may be. */
const MAY_BE_SPECIAL = /"#(?:NaN|-?Infinity)"/;

const withSpecial = (_key: string, each: unknown): unknown =>
  typeof each === 'string' && Object.hasOwn(SPECIAL, each) ? SPECIAL[each] : each;

/** A line from the probe; undefined when it is not one of its messages. Non-finite numbers come as `#NaN`, `#Infinity`, `#-Infinity`. */
export function parseReply(line: string): Reply | undefined {
  try {
    const value: unknown = JSON.parse(line, MAY_BE_SPECIAL.test(line) ? withSpecial : undefined);
    return typeof value === 'object' && value !== null && 'type' in value ? (value as Reply) : undefined;
  } catch {
    return undefined;
  }
}
