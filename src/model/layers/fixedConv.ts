import { type ConvConfig, convolved, convolvedOutputs } from './conv.ts';
import { onlyInput, product } from './declare.ts';
import type { LayerKind, RawConfig } from './kind.ts';
import { InputError } from '../problem.ts';
import type { Shape } from '../shape.ts';
import { checkGroups, readDataFormat, readPadding, readSizes, splitShape } from './spatial.ts';
import { type WrittenArray, writtenArray } from './writtenArray.ts';

export type FixedConvConfig = Omit<ConvConfig, 'filters' | 'groups' | 'useBias'> & {
  readonly way: 'plain' | 'depthwise' | 'separable';
  /** As it is written: (k…, in per group, filters), or (k…, in, multiplier) where not plain. */
  readonly kernel: WrittenArray;
  /** What a separable one does to each position afterwards: (1…, in · multiplier, filters). */
  readonly pointwise: WrittenArray | null;
};

const WAYS: Readonly<Record<string, FixedConvConfig['way']>> = {
  FixedConv: 'plain',
  FixedDepthwiseConv: 'depthwise',
  FixedSeparableConv: 'separable',
};

/** The kernel under this key. Throws an InputError for one that is no even array of numbers. */
function written(raw: RawConfig, key: string): WrittenArray {
  const kernel = writtenArray(raw.raw(key));
  if (kernel !== undefined && [3, 4, 5].includes(kernel.shape.length)) return kernel;
  throw new InputError({
    message: `${raw.className}: the kernel is no array of numbers.`,
    expected:
      'a nested list with one level per spatial axis, one for the input and one for the output channels',
  });
}

/** Channels after the kernel, of an input of this shape. Throws an InputError where they do not fit. */
function filtersOf({ kernel, pointwise, way, rank, dataFormat }: FixedConvConfig, input: Shape): number {
  const { channels } = splitShape(onlyInput([input], rank + 2), dataFormat);
  const [own = 1, last = 1] = kernel.shape.slice(-2);
  if (way === 'plain') {
    checkGroups(channels, last, channels / own, input);
    return last;
  }
  const deep = channels * last;
  const [taken = deep, filters = deep] = pointwise?.shape.slice(-2) ?? [];
  if (own === channels && taken === deep) return filters;
  throw new InputError({
    message: 'The kernel does not fit the channels.',
    found: own === channels ? `${taken} and ${deep} channels` : `${own} and ${channels} channels`,
  });
}

const asConv = (config: FixedConvConfig): Omit<ConvConfig, 'filters' | 'groups'> => ({
  ...config,
  useBias: false,
});

/** A convolution by a kernel that the file writes out, as operations of functional models have it: nothing is drawn, nothing trained. */
export const fixedConv: LayerKind<FixedConvConfig> = {
  id: 'fixedConv',
  classes: Object.keys(WAYS),
  signal: 'shape',
  parse: (raw) => {
    const kernel = written(raw, 'kernel');
    const rank = kernel.shape.length - 2;
    const way = WAYS[raw.className] ?? 'plain';
    return {
      config: {
        rank,
        way,
        kernel,
        pointwise: way === 'separable' ? written(raw, 'pointwise') : null,
        kernelSize: kernel.shape.slice(0, -2),
        strides: readSizes(raw, ['strides'], rank, 1),
        padding: readPadding(raw),
        dataFormat: readDataFormat(raw),
        dilation: readSizes(raw, ['dilation_rate'], rank, 1),
      },
      initializers: {},
    };
  },
  outputs: (config, inputs) =>
    convolvedOutputs(asConv(config), inputs, () => filtersOf(config, onlyInput(inputs))),
  weights: () => [],
  multiplyAdds: (config, inputs) => {
    const { spatial } = splitShape(onlyInput(inputs, config.rank + 2), config.dataFormat);
    const places = product(convolved(asConv(config), spatial));
    return places * (config.kernel.values.length + (config.pointwise?.values.length ?? 0));
  },
};
