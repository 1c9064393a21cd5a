import type { Json, JsonObject } from '../../model/json.ts';
import { isRawRef, type RawCall, type RawRef } from '../../model/rawModel.ts';
import { type Arguments, axesOf } from './operationArguments.ts';

/** An operation node as the layer that does the same, with its tensors as inputs. */
export interface TranslatedCall {
  readonly className: string;
  readonly config: JsonObject;
  readonly call: RawCall;
}

/** A call of an operation: its options, and the ways to say what does the same. */
export interface OperationCall extends Arguments {
  readonly config: JsonObject;
  /** All its tensors. */
  readonly inputs: readonly RawRef[];
  /** The name of its layer, where it has one. */
  readonly name: JsonObject;
  /** Its axes, null where they are not plain numbers. */
  readonly axis: Json;
  /** The option under the first of these names, or else the first argument that is no tensor. */
  readonly option: (...keys: readonly string[]) => unknown;
  /** The option under the first of these names, or else the argument in this place when it is no tensor. */
  readonly at: (place: number, ...keys: readonly string[]) => unknown;
  /** A layer of this class on its tensors. */
  readonly as: (className: string, config?: JsonObject) => TranslatedCall;
  /** The operation kind on its tensors, doing what `op` names in `config`, or else the operation itself. */
  readonly operation: (config: JsonObject) => TranslatedCall;
}

/** The call of an operation that the operation kind knows as `op`. */
export function operationCall(op: string, config: JsonObject, args: Arguments): OperationCall {
  const { positional, named } = args;
  const given = (keys: readonly string[]): unknown => {
    for (const from of [named, config])
      for (const key of keys) if (Object.hasOwn(from, key) && from[key] !== null) return from[key];
    return undefined;
  };
  const option = (...keys: readonly string[]): unknown =>
    given(keys) ?? positional.slice(1).find((value) => !isRawRef(value));
  const name: JsonObject = typeof config['name'] === 'string' ? { name: config['name'] } : {};
  const inputs: RawRef[] = [...positional, ...Object.values(named)].flat().filter(isRawRef);
  const as = (className: string, more: JsonObject = {}): TranslatedCall => ({
    className,
    config: { ...name, ...more },
    call: { inputs },
  });
  return {
    ...args,
    config,
    inputs,
    name,
    axis: axesOf(option('axis', 'axes', 'dim')),
    option,
    at: (place, ...keys) => {
      const value = given(keys) ?? positional[place];
      return isRawRef(value) ? undefined : value;
    },
    as,
    operation: (more) => as('Operation', { op, ...more }),
  };
}
