import type { Plan } from '../model/plan.ts';

/** The shapes of a plan's inputs, without the batch, and what is put in; undefined without inputs. */
export function inputFacts({ inputs, inputLaw, ids = [] }: Plan): string | undefined {
  const each = Object.entries(inputs).map(([name, [, ...shape]]) => ({
    shape: shape.join('×') || 'one number',
    law: inputLaw === 'data' ? 'your data' : ids.includes(name) ? 'uniform ids' : 'N(0,1)',
  }));
  const [first] = each;
  if (first === undefined) return undefined;
  if (each.every(({ law }) => law === first.law))
    return `input ${each.map(({ shape }) => shape).join(', ')}, ${first.law}`;
  return `input ${each.map(({ shape, law }) => `${shape} (${law})`).join(', ')}`;
}
