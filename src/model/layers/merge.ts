import { InputError } from '../problem.ts';
import { countedSize, formatShape, type Shape } from '../shape.ts';
import type { LayerKind } from './kind.ts';

export type MergeConfig = {
  readonly op: 'add' | 'subtract' | 'multiply' | 'average' | 'maximum' | 'minimum';
};

const OPS = ['add', 'subtract', 'multiply', 'average', 'maximum', 'minimum'] as const;

/** Shapes joined by broadcasting over trailing axes, batch first. Throws an InputError when two sizes do not fit. */
export function broadcast(inputs: readonly Shape[]): Shape {
  const rank = Math.max(1, ...inputs.map((shape) => shape.length));
  const joined: (number | null)[] = [null];
  for (let fromEnd = rank - 1; fromEnd >= 1; fromEnd--) {
    const sizes = inputs.flatMap((shape) => (fromEnd < shape.length ? [shape.at(-fromEnd) ?? null] : []));
    const wide = [...new Set(sizes.filter((size) => size !== 1))];
    if (wide.length > 1)
      throw new InputError({
        message: 'The inputs have shapes that do not fit together.',
        found: inputs.map(formatShape).join(' and '),
        expected: 'equal shapes, or sizes of 1 where they differ',
      });
    joined.push(wide[0] === undefined ? 1 : wide[0]);
  }
  return joined;
}

/** Elementwise merges of two and more inputs (with broadcasting). */
export const merge: LayerKind<MergeConfig> = {
  id: 'merge',
  classes: ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum'],
  signal: 'merge',
  parse: (raw) => {
    const op = OPS.find((name) => name === raw.className.toLowerCase()) ?? 'add';
    return { config: { op }, initializers: {} };
  },
  outputs: (_config, inputs) => {
    if (inputs.length === 0) throw new InputError({ message: 'The layer has no input.' });
    return [broadcast(inputs)];
  },
  weights: () => [],
  multiplyAdds: (_config, inputs) => inputs.reduce((sum, shape) => sum + countedSize(shape), 0),
};
