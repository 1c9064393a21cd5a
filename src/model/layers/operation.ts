import { countedSize } from '../shape.ts';
import type { LayerKind } from './kind.ts';
import { onlyInput, wholeNumbers } from './declare.ts';
import { OPERATIONS } from './operations.ts';
import { operationOutputs } from './operationShapes.ts';
import { type WrittenArray, writtenArray } from './writtenArray.ts';

/** Start, stop and step along one axis (negative ones count from the end), or one index whose axis goes away. */
export type SliceSpec =
  | { readonly index: number }
  | { readonly start: number | null; readonly stop: number | null; readonly step: number | null };

/** One tensor operation as functional models contain it; fields that an op does not use are null. Axes count the batch as 0. */
export type OperationConfig = {
  readonly op: (typeof OPERATIONS)[number];
  readonly axes: readonly number[] | null;
  readonly keepDims: boolean;
  /** The other operand of a binary op or of `matmul` when it is no tensor, and whether it stands first. */
  readonly constant: number | WrittenArray | null;
  readonly constantFirst: boolean;
  /** Operands of `matmul` whose last two axes are exchanged first. */
  readonly transposed: readonly boolean[];
  readonly equation: string;
  readonly slices: readonly SliceSpec[];
  /** Parts of `split`, classes of `oneHot`, places of `topK`, block of `depthToSpace` (whose `axes` are the one of the channels). */
  readonly sections: number;
  readonly pads: readonly (readonly [number, number])[];
  /**
   * Numbers that the op takes beside its tensors: clip's bounds, repeats per axis, `take`'s indices, `roll`'s shifts, where `moveAxis` puts its axes,
   * a triangle's diagonal, `quantile`'s share, how often `difference` and `rotate` go, 1 for a `sort` that falls; for `where` its operands, null for a tensor.
   */
  readonly values: readonly (number | null)[];
};

/** TensorFlow op layers and Keras 3 operation nodes that are no layer of their own; readers write this config. */
export const operation: LayerKind<OperationConfig> = {
  id: 'operation',
  classes: ['Operation'],
  signal: 'merge',
  parse: (raw) => {
    const list = <T>(key: string): readonly T[] => (raw.raw(key) ?? []) as readonly T[];
    const axes: unknown = raw.raw('axes');
    const constant: unknown = raw.raw('constant');
    const equation: unknown = raw.raw('equation');
    return {
      config: {
        op: raw.string(['op'], OPERATIONS),
        axes: Array.isArray(axes) ? wholeNumbers(axes) : null,
        keepDims: raw.boolean(['keepDims'], false),
        constant: typeof constant === 'number' ? constant : (writtenArray(constant) ?? null),
        constantFirst: raw.boolean(['constantFirst'], false),
        transposed: list<boolean>('transposed'),
        equation: typeof equation === 'string' ? equation : '',
        slices: list<SliceSpec>('slices'),
        sections: raw.size(['sections'], 1),
        pads: list<readonly [number, number]>('pads'),
        values: list<number | null>('values'),
      },
      initializers: {},
    };
  },
  outputs: operationOutputs,
  weights: () => [],
  multiplyAdds: (config, inputs) => {
    const size = countedSize(onlyInput(inputs));
    if (config.op !== 'matmul') return size;
    const { constant, constantFirst } = config;
    const second = typeof constant === 'object' && constant !== null ? constant.shape : inputs[1];
    return size * (second?.at(constantFirst ? 0 : -1) ?? 1);
  },
};
