import { type ConvConfig, convolved, convolvedOutputs } from './conv.ts';
import { onlyInput, product } from './declare.ts';
import type { LayerKind, RawConfig } from './kind.ts';
import { InputError } from '../problem.ts';
import type { Shape } from '../shape.ts';
import { checkGroups, readDataFormat, readPadding, readSizes, splitShape } from './spatial.ts';

export type FixedConvConfig = Omit<ConvConfig, 'filters' | 'groups' | 'useBias'> & {
  readonly depthwise: boolean;
  /** The kernel as it is written: (k…, in per group, filters), or (k…, in, multiplier) when depthwise. */
  readonly kernel: { readonly shape: readonly number[]; readonly values: readonly number[] };
};

/** A nested list of numbers with its shape. Throws an InputError for one that is ragged or holds anything else. */
function written(raw: RawConfig): FixedConvConfig['kernel'] {
  const shape: number[] = [];
  const list: unknown = raw.raw('kernel');
  for (let at = list; Array.isArray(at); at = (at as unknown[])[0]) shape.push(at.length);
  const values = (Array.isArray(list) ? list : []).flat(Infinity) as unknown[];
  if (
    [3, 4, 5].includes(shape.length) &&
    values.length === product(shape) &&
    values.every((value) => typeof value === 'number')
  )
    return { shape, values };
  throw new InputError({
    message: `${raw.className}: the kernel is no array of numbers.`,
    expected:
      'a nested list with one level per spatial axis, one for the input and one for the output channels',
  });
}

const asConv = (config: FixedConvConfig): Omit<ConvConfig, 'filters' | 'groups'> => ({
  ...config,
  useBias: false,
});

/** Channels after the kernel, of an input of this shape. Throws an InputError where they do not fit. */
function filtersOf({ kernel, depthwise, rank, dataFormat }: FixedConvConfig, input: Shape): number {
  const { channels } = splitShape(onlyInput([input], rank + 2), dataFormat);
  const [own = 1, last = 1] = kernel.shape.slice(-2);
  if (depthwise && own !== channels)
    throw new InputError({
      message: 'The kernel does not fit the channels.',
      found: `${own} and ${channels} channels`,
    });
  if (!depthwise) checkGroups(channels, last, channels / own, input);
  return depthwise ? channels * last : last;
}

/** A convolution by a kernel that the file writes out, as operations of functional models have it: nothing is drawn, nothing trained. */
export const fixedConv: LayerKind<FixedConvConfig> = {
  id: 'fixedConv',
  classes: ['FixedConv', 'FixedDepthwiseConv'],
  signal: 'shape',
  parse: (raw) => {
    const kernel = written(raw);
    const rank = kernel.shape.length - 2;
    return {
      config: {
        rank,
        depthwise: raw.className === 'FixedDepthwiseConv',
        kernel,
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
    return product(convolved(asConv(config), spatial)) * config.kernel.values.length;
  },
};
