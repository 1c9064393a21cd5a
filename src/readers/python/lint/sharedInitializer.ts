import { timesRun } from './counting.ts';
import { argumentsOf, assignedOf, calledName, calleeOf, rangeOf, textOf } from './syntax.ts';
import type { FindTraps, Trap } from './trap.ts';

const RANDOM = /(^|\.)initializers\.(\w+)$/;
const FIXED = /^(Zeros|Ones|Constant|Identity|zeros|ones|constant|identity|get|serialize|deserialize)$/;
/** Layers of one size that share an initializer: among three, two have the same input as well. */
const SAME = 3;

/** One Keras initializer object given to several layers of a size: whether seeded or not, it draws the same values for each. */
export const sharedInitializer: FindTraps = ({ syntax, calls, assignments }) => {
  return assignments.flatMap((assignment): Trap[] => {
    const { targets = [], value } = assignedOf(assignment) ?? {};
    const [target] = targets;
    if (target?.name !== 'VariableName' || value?.name !== 'CallExpression') return [];
    const callee = calleeOf(syntax, value);
    if (!RANDOM.test(callee) || FIXED.test(calledName(syntax, value))) return [];
    const seed = argumentsOf(syntax, value).keywords.get('seed');
    if (seed?.name === 'CallExpression') return [];
    const name = textOf(syntax, target);
    const sizes = new Map<string, number>();
    for (const call of calls) {
      const { positional, keywords } = argumentsOf(syntax, call);
      const given = keywords.get('kernel_initializer');
      if (given?.name !== 'VariableName' || textOf(syntax, given) !== name) continue;
      const size = positional[0] ?? keywords.get('units') ?? keywords.get('filters');
      if (size === undefined) continue;
      const key = `${calledName(syntax, call)}(${textOf(syntax, size)}`;
      sizes.set(key, (sizes.get(key) ?? 0) + timesRun(syntax, call));
    }
    const [widest] = [...sizes].sort(([, a], [, b]) => b - a);
    if (widest === undefined || widest[1] < SAME) return [];
    const cause = `${name} is one ${seed === undefined ? 'unseeded ' : ''}${calledName(syntax, value)}`;
    return [
      {
        rule: 'duplicate-weights',
        layer: name,
        range: rangeOf(value),
        message: `${cause} for ${widest[1]} layers ${widest[0]}, …): Keras draws the same values each time it is called; give every layer its own`,
        cause,
      },
    ];
  });
};
