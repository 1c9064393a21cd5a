import { InputError } from '../problem.ts';
import { countedSize, formatShape, type Shape } from '../shape.ts';
import { declareWeight, defaultKernel, onlyInput, product } from './declare.ts';
import type { LayerKind, RawConfig } from './kind.ts';

export type EinsumDenseConfig = {
  readonly equation: string;
  /** Without the batch, null where the input decides. */
  readonly outputShape: readonly (number | null)[];
  readonly biasAxes: string;
  /** Does the framework know which kernel axes are summed over (Keras 3.15 and later)? */
  readonly axisAware: boolean;
};

/** Keras since 3.15 writes `input_axes` into its initializers' configs and knows the true fans; before, it took kernels for convolutions. */
export function readAxisAware(raw: RawConfig): boolean {
  if (raw.semantics !== 'keras3') return false;
  const written: unknown = raw.raw('kernel_initializer');
  if (typeof written !== 'object' || written === null) return true;
  const config: unknown = Object.hasOwn(written, 'config')
    ? (written as { config: unknown }).config
    : undefined;
  const scaled = typeof config === 'object' && config !== null && Object.hasOwn(config, 'seed');
  return !scaled || Object.hasOwn(config, 'input_axes');
}

interface Analysed {
  readonly output: Shape;
  readonly kernel: readonly number[];
  readonly bias: readonly number[];
  readonly fanIn: number;
  readonly fanOut: number;
}

function analyse(config: EinsumDenseConfig, input: Shape): Analysed {
  const match = /^(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?$/.exec(
    config.equation,
  );
  const [, left, from = '', right, weights = '', outLeft, to = '', outRight] = match ?? [];
  const elided = input.length - from.length;
  const bad = (found: string): InputError =>
    new InputError({
      message: `The equation "${config.equation}" does not fit.`,
      found,
      expected: 'ab,bc->ac with the input and output shape',
    });
  if (
    match === null ||
    left !== outLeft ||
    right !== outRight ||
    elided < 0 ||
    (elided > 0 && left === undefined && right === undefined)
  )
    throw bad(formatShape(input));
  const middle = left === undefined ? [] : input.slice(1, elided);
  const tail = right === undefined || left !== undefined ? [] : input.slice(input.length - elided);
  const output = [input[0] ?? null, ...middle, ...config.outputShape, ...tail];
  const shift = left === undefined ? 0 : elided;
  const sizes = new Map<string, number | null>();
  [...from].forEach((letter, i) => sizes.set(letter, input[i + shift] ?? null));
  [...to].forEach((letter, i) => {
    const own = output[i + shift];
    const known = sizes.get(letter);
    if (own === undefined) throw bad(`output ${formatShape(output)}`);
    if (own !== null && known !== undefined && known !== null && known !== own)
      throw bad(`${letter}: ${known} and ${own}`);
    if (own !== null || known === undefined) sizes.set(letter, own ?? null);
    else if (i + shift > 0) output[i + shift] = known;
  });
  const sizeOf = (letter: string): number => {
    const size = sizes.get(letter);
    if (typeof size !== 'number') throw bad(`the size of ${letter} is unknown`);
    return size;
  };
  const kernel = [...weights].map(sizeOf);
  const firstBias = Math.min(...[...config.biasAxes].map((letter) => to.indexOf(letter)));
  const bias =
    config.biasAxes === ''
      ? []
      : [...to.slice(firstBias)].map((letter) => (config.biasAxes.includes(letter) ? sizeOf(letter) : 1));
  return {
    output,
    kernel,
    bias: config.biasAxes === '' ? [] : [...bias, ...tail.map(() => 1)],
    fanIn: product([...weights].filter((letter) => !to.includes(letter)).map(sizeOf)),
    fanOut: product([...weights].filter((letter) => !from.includes(letter)).map(sizeOf)),
  };
}

/** A dense layer whose product an einsum equation says: kernel of the equation's second term. */
export const einsumDense: LayerKind<EinsumDenseConfig> = {
  id: 'einsumDense',
  classes: ['EinsumDense'],
  signal: 'weighted',
  parse: (raw) => {
    const activation = raw.activation(['activation']);
    const shape: unknown = raw.raw('output_shape', 'partial_output_shape');
    const equation: unknown = raw.raw('equation');
    const axes: unknown = raw.raw('bias_axes') ?? '';
    if (typeof equation !== 'string' || typeof axes !== 'string')
      throw new InputError({ message: 'The equation is missing.', expected: 'an equation like "ab,bc->ac"' });
    return {
      config: {
        equation: equation.replaceAll(' ', ''),
        outputShape: (Array.isArray(shape) ? (shape as unknown[]) : [shape]).map((size) =>
          typeof size === 'number' ? size : null,
        ),
        biasAxes: axes,
        axisAware: readAxisAware(raw),
      },
      ...(activation === undefined ? {} : { activation }),
      initializers: {
        kernel: raw.initializer(['kernel_initializer'], defaultKernel(raw.semantics)),
        bias: raw.initializer(['bias_initializer'], 'zeros'),
      },
    };
  },
  outputs: (config, inputs) => [analyse(config, onlyInput(inputs, undefined, 2)).output],
  weights: (parsed, inputs, semantics) => {
    const { config } = parsed;
    const { kernel, bias, fanIn, fanOut } = analyse(config, onlyInput(inputs, undefined, 2));
    const effective = [fanIn, fanOut] as const;
    const to = config.equation.slice(config.equation.indexOf('->') + 2);
    const weights = config.equation.slice(config.equation.indexOf(',') + 1, config.equation.indexOf('->'));
    const inKeras = product(
      [...weights].flatMap((letter, i) => (to.includes(letter) ? [kernel[i] ?? 1] : [])),
    );
    const fans = config.axisAware ? { fans: [fanIn, inKeras] as const } : {};
    const plan = { name: 'kernel', part: 'kernel', shape: kernel, effective, ...fans } as const;
    const plans =
      config.biasAxes === '' ? [plan] : [plan, { name: 'bias', part: 'bias', shape: bias } as const];
    return plans.map((item) => declareWeight(item, parsed, semantics));
  },
  multiplyAdds: (config, inputs) => {
    const { output, fanIn } = analyse(config, onlyInput(inputs, undefined, 2));
    return countedSize(output) * fanIn;
  },
};
