import type { ActivationSpec } from '../activations/activation.ts';
import type { InitializerSpec } from '../initializers/initializer.ts';
import type { Semantics } from '../semantics.ts';
import type { Shape } from '../shape.ts';
import type { LayerConfig, WeightSpec } from '../spec.ts';

/**
 * Typed access to a layer's raw config as a file writes it. Every accessor throws an InputError that names the key's place,
 * what was found and what was expected. Keys are tried in order, so that old and new names (`units`, `output_dim`) stand together.
 */
export interface RawConfig {
  readonly className: string;
  readonly semantics: Semantics;
  has(...keys: readonly string[]): boolean;
  raw(...keys: readonly string[]): unknown;
  number(keys: readonly string[], fallback?: number): number;
  /** A positive integer ≤ 2³¹−1. */
  size(keys: readonly string[], fallback?: number): number;
  boolean(keys: readonly string[], fallback?: boolean): boolean;
  string<T extends string>(keys: readonly string[], allowed: readonly T[], fallback?: T): T;
  /** A number repeated `rank` times, or a list of `rank` numbers. */
  tuple(keys: readonly string[], rank: number, fallback?: readonly number[]): readonly number[];
  /** The initializer under the first key present, canonical, or the default given (a catalogue id, parameters defaulted). */
  initializer(keys: readonly string[], fallback: string): InitializerSpec;
  /** The activation under the first key present; undefined when absent, null or linear. */
  activation(keys: readonly string[], fallback?: string): ActivationSpec | undefined;
  /** A nested layer config ({class_name, config}) for wrappers; its errors name the place of the nested key. */
  nested(key: string): RawConfig;
  /** A list of nested layer configs (`cells`). */
  nestedList(key: string): readonly RawConfig[];
}

/** A layer wrapped by another (Bidirectional, TimeDistributed, RNN of cells); `name` is the last part of its id. */
export interface ParsedInner {
  readonly name: string;
  readonly className: string;
  readonly kind: string;
  readonly parsed: ParsedLayer<LayerConfig>;
}

/** A weight as its kind declares it; `WeightSpec` without what the graph adds. */
export type WeightDeclaration = Omit<WeightSpec, 'saved'>;

/** Keyword arguments of a call as the graph keeps them. */
export type CallOptions = Readonly<Record<string, unknown>>;

/** What a kind reads out of a raw config. `weights` may use initializers kept in the config under `initializers`. */
export interface ParsedLayer<C extends LayerConfig> {
  readonly config: C;
  readonly activation?: ActivationSpec;
  /** Initializer by weight name (`kernel`, `bias`, `gamma` …). */
  readonly initializers: Readonly<Record<string, InitializerSpec>>;
  readonly inner?: readonly ParsedInner[];
}

/**
 * A layer kind: one file of the same name in `model/layers`, `engine/layers` and `theory/layers`, one row in
 * `model/layers/catalogue.ts` and in the other rooms' tables.
 */
export interface LayerKind<C extends LayerConfig = LayerConfig> {
  readonly id: string;
  /** Class names over all frameworks and versions that this kind reads. */
  readonly classes: readonly string[];
  parse(raw: RawConfig): ParsedLayer<C>;
  /** Output shapes; throws an InputError when the inputs do not fit. `options`: the plain keyword arguments of the call. */
  outputs(config: C, inputs: readonly Shape[], options?: CallOptions): readonly Shape[];
  /** Weights with framework fans and effective fans (theory.md §3.8), in the framework's own order. */
  weights(
    parsed: ParsedLayer<C>,
    inputs: readonly Shape[],
    semantics: Semantics,
  ): readonly WeightDeclaration[];
  /** Call arguments that take tensors, in the order of `inputs`; keyword tensors of these names are appended to the inputs. */
  readonly callArguments?: readonly string[];
  /** Multiply-adds of one sample, forward. */
  multiplyAdds(config: C, inputs: readonly Shape[], options?: CallOptions): number;
  /** What taps stand for in this kind: does the output carry a pre-activation of its own (`own`) or pass signal through? */
  readonly signal:
    'weighted' | 'activation' | 'norm' | 'merge' | 'shape' | 'input' | 'regularizer' | 'opaque';
}
