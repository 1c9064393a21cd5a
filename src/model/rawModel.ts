import type { JsonObject } from './json.ts';
import type { Origin } from './origin.ts';
import type { Problem } from './problem.ts';

/** A tensor in a raw graph: output `output` of call `call` of the layer named `layer`, inside the same model. */
export interface RawRef {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

/** One call of a raw layer: positional tensor inputs in order, keyword arguments as constants or refs. */
export interface RawCall {
  readonly inputs: readonly RawRef[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

/**
 * A layer as its file writes it, before any catalogue was asked: config keys and values unchanged. `model` is set for a
 * nested model used as a layer, or wrapped by TimeDistributed. Origins: `layer` first; `initializer` origins carry their config key in `weight`.
 */
export interface RawLayer {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly origins: readonly Origin[];
  readonly calls: readonly RawCall[];
  readonly model?: RawModel;
  /** Shapes of its outputs as the file states them, batch first. */
  readonly stated?: readonly (readonly (number | null)[])[];
  /** Taken to give the shape of its input, where it is not run and states none. */
  readonly keepsShape?: boolean;
  /** Place of a config value for error messages: by key, its range in the file. */
  place(...keys: readonly string[]): Origin;
}

/**
 * What every reader of an executable format produces, and `buildSpec` turns into a ModelSpec. A Sequential is a chain: layer i
 * is called on layer i−1; its input layer may be implicit (`batch_input_shape` on the first layer).
 */
export interface RawModel {
  readonly name: string;
  readonly kind: 'sequential' | 'functional';
  readonly layers: readonly RawLayer[];
  readonly inputs: readonly RawRef[];
  readonly outputs: readonly RawRef[];
  readonly origin: Origin;
  readonly problems: readonly Problem[];
}

/** Is this a nested model under TimeDistributed? */
export function isDistributed(layer: RawLayer): boolean {
  return layer.model !== undefined && layer.className === 'TimeDistributed';
}

/** Is this the layer that stands for a model input? */
export function isInput(layer: RawLayer): boolean {
  return layer.className === 'InputLayer' || layer.className === 'Input';
}

/** A reference as readers put it into `RawCall.kwargs`. */
export function isRawRef(value: unknown): value is RawRef {
  if (typeof value !== 'object' || value === null) return false;
  return (
    Object.keys(value).length === 3 && ['layer', 'call', 'output'].every((key) => Object.hasOwn(value, key))
  );
}
