import type { LayerLaw } from '../law.ts';
import { identityLaw, reshapeLaw } from './shape.ts';

const MOVES: Readonly<Record<string, LayerLaw>> = {
  expandDims: identityLaw,
  squeeze: identityLaw,
  stack: identityLaw,
  split: identityLaw,
  slice: identityLaw,
  swapAxes: reshapeLaw,
  take: identityLaw,
  roll: identityLaw,
  unstack: identityLaw,
  moveAxis: reshapeLaw,
};

/** Operations that only move values keep their moments; reductions, products and functions of single values have no law here. */
export const operationLaw: LayerLaw = (input) => {
  const op = String(input.layer.config['op']);
  const law = MOVES[op];
  if (law === undefined) return `the operation ${op} has no moment law here`;
  const made = law(input);
  const [first] = typeof made === 'string' ? [] : made.outputs;
  if (typeof made === 'string' || first === undefined) return made;
  return { ...made, outputs: input.node.outputs.map(() => first) };
};
