import { InputError } from '../problem.ts';
import type { InitializerKind } from './initializer.ts';
import { numberParameter } from './parameter.ts';

function flatNumbers(value: unknown, into: number[]): boolean {
  if (typeof value === 'number') return into.push(value) > 0;
  return Array.isArray(value) && value.every((item) => flatNumbers(item, into));
}

/** An array as Keras 3 writes it in a config: `{"class_name": "__numpy__", "config": {"value": [...]}}`; other values as they are. */
function unwrapped(value: unknown): unknown {
  const wrapped = value as { class_name?: unknown; config?: { value?: unknown } } | null | undefined;
  return ['__numpy__', '__tensor__'].includes(String(wrapped?.class_name)) ? wrapped?.config?.value : value;
}

/**
 * One value everywhere, or an array written out (`values`, comma separated) that is repeated along the leading axes when the
 * weight is larger (NumPy broadcasting of the trailing axes).
 */
export const constant: InitializerKind = {
  id: 'constant',
  names: ['Constant', 'constant', 'constant_', 'fill_'],
  params: (written, semantics) => {
    const value = Object.hasOwn(written, 'value') ? unwrapped(written['value']) : undefined;
    if (Array.isArray(value)) {
      const numbers: number[] = [];
      if (!flatNumbers(value, numbers) || numbers.length === 0)
        throw new InputError({ message: 'The constant is no array of numbers.', expected: 'numbers' });
      return numbers.length === 1 ? { value: numbers[0] ?? 0 } : { values: numbers.join(',') };
    }
    if (semantics === 'tfjs' && value === undefined)
      throw new InputError({
        message: 'TF.js needs the value of a constant initializer.',
        expected: 'value',
      });
    return { value: numberParameter(written, ['value', 'val'], 0) };
  },
  law: (params, fans) => {
    if (params['values'] === undefined) return { kind: 'constant', value: Number(params['value']) };
    const given = String(params['values']).split(',').map(Number);
    const size = fans.shape.reduce((a, b) => a * b, 1);
    if (size % given.length !== 0)
      throw new InputError({
        message: 'The constant array does not fit the weight.',
        found: `${given.length} numbers`,
        expected: `${size} numbers for the shape (${fans.shape.join(', ')})`,
      });
    return { kind: 'values', values: Array.from({ length: size }, (_, i) => given[i % given.length] ?? 0) };
  },
  serialize: (params, target) => {
    if (params['values'] !== undefined) return undefined;
    const value = Number(params['value']);
    return target === 'pytorch'
      ? { className: 'constant_', config: { val: value } }
      : { className: 'Constant', config: { value } };
  },
};
