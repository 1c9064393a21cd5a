import { OPERATIONS, REDUCTIONS as REDUCED } from '../../model/layers/operation.ts';

const OLD_OPS: Readonly<Record<string, string>> = {
  addv2: 'add',
  biasadd: 'add',
  mul: 'multiply',
  sub: 'subtract',
  realdiv: 'divide',
  pow: 'power',
  batchmatmulv2: 'matmul',
  concatv2: 'concatenate',
};
const SAME: Readonly<Record<string, string>> = {
  ...OLD_OPS,
  truediv: 'divide',
  truedivide: 'divide',
  div: 'divide',
  concat: 'concatenate',
  reducemean: 'mean',
  reducesum: 'sum',
  reducemax: 'max',
  reducemin: 'min',
  absolute: 'abs',
  neg: 'negative',
  getitem: 'slice',
  permutedims: 'transpose',
  reduceprod: 'product',
  prod: 'product',
  reducevariance: 'variance',
  var: 'variance',
  reducestd: 'deviation',
  std: 'deviation',
  reducelogsumexp: 'logsumexp',
  reduceany: 'any',
  reduceall: 'all',
  clipbyvalue: 'clip',
  reverse: 'flip',
  amax: 'max',
  amin: 'min',
  floordiv: 'floordivide',
  floormod: 'mod',
  select: 'where',
  selectv2: 'where',
};
/** Operations of two tensors that are layers of their own. */
export const MERGES: Readonly<Record<string, string>> = {
  add: 'Add',
  subtract: 'Subtract',
  multiply: 'Multiply',
  maximum: 'Maximum',
  minimum: 'Minimum',
};
/** Operations under their name in the operation kind, by their plain one. */
export const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  OPERATIONS.map((op) => [op.toLowerCase(), op]),
);
/** Operations over axes, by their plain names. */
export const REDUCTIONS: readonly string[] = REDUCED.map((op) => op.toLowerCase());
/** Operations of tensors alone, without options. */
export const ELEMENTWISE = [
  ...[
    'sqrt',
    'rsqrt',
    'log',
    'negative',
    'reciprocal',
    'sign',
    'log1p',
    'expm1',
    'tan',
    'sinh',
    'cosh',
    'erf',
  ],
  ...['floor', 'ceil', 'round', 'stopgradient', 'logicalnot', 'zeroslike', 'oneslike', 'matmul'],
];
/** Operations of two operands, of which one may be a constant. */
export const PAIRS = [
  ...['divide', 'power', 'mod', 'floordivide', 'squareddifference', 'greater', 'greaterequal', 'less'],
  ...['lessequal', 'equal', 'notequal', 'logicaland', 'logicalor'],
];
/** Operations that hand their tensor on. */
export const IDENTITIES = ['cast', 'identity', 'ensureshape', 'converttotensor', 'copy', 'checknumerics'];

/** The name of an operation without its module, the same for all its spellings. */
export const plain = (name: string): string => {
  const short = name
    .slice(name.lastIndexOf('.') + 1)
    .toLowerCase()
    .replaceAll('_', '');
  return SAME[short] ?? short;
};
