import { InputError } from '../problem.ts';
import { countedSize, formatShape, type Shape } from '../shape.ts';
import { positiveAxis, product, wholeNumber, wholeNumbers } from './declare.ts';
import type { LayerKind } from './kind.ts';

export type DotConfig = { readonly axes: number | readonly number[]; readonly normalize: boolean };

/** The summed axis of each of the two inputs. */
export function dotAxes(config: DotConfig, a: Shape, b: Shape): readonly [number, number] {
  const { axes } = config;
  const [first = -1, second = -1] = typeof axes === 'number' ? [axes, axes] : axes;
  return [positiveAxis(first, a.length), positiveAxis(second, b.length)];
}

function pair(inputs: readonly Shape[]): readonly [Shape, Shape] {
  const [a, b] = inputs;
  if (a === undefined || b === undefined || inputs.length !== 2)
    throw new InputError({ message: 'Dot needs two inputs.', found: `${inputs.length}`, expected: '2' });
  return [a, b];
}

/** Products of two inputs summed over one axis of each, batch by batch. */
export const dot: LayerKind<DotConfig> = {
  id: 'dot',
  classes: ['Dot'],
  signal: 'merge',
  parse: (raw) => {
    const axes: unknown = raw.raw('axes', 'dot_axes') ?? -1;
    return {
      config: {
        axes: Array.isArray(axes) ? wholeNumbers(axes) : wholeNumber(axes),
        normalize: raw.raw('mode') === 'cos' || raw.boolean(['normalize'], false),
      },
      initializers: {},
    };
  },
  outputs: (config, inputs) => {
    const [a, b] = pair(inputs);
    const [i, j] = dotAxes(config, a, b);
    if (a[i] !== b[j])
      throw new InputError({
        message: 'The summed axes differ in size.',
        found: `${formatShape(a)} axis ${i} and ${formatShape(b)} axis ${j}`,
        expected: 'equal sizes',
      });
    const output = [
      ...a.filter((_size, axis) => axis !== i),
      ...b.filter((_size, axis) => axis !== j && axis !== 0),
    ];
    return [output.length === 1 ? [...output, 1] : output];
  },
  weights: () => [],
  multiplyAdds: (config, inputs) => {
    const [a, b] = pair(inputs);
    const [, j] = dotAxes(config, a, b);
    const others = b.filter((_size, axis) => axis !== 0 && axis !== j);
    return countedSize(a) * product(others.map((size) => size ?? 1));
  },
};
