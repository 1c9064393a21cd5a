import { BINARY, OPERATIONS, REDUCTIONS as REDUCED, UNARY } from '../../model/layers/operations.ts';

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
  fabs: 'abs',
  fmax: 'maximum',
  fmin: 'minimum',
  hypot: 'hypotenuse',
  atan2: 'arctan2',
  asin: 'arcsin',
  acos: 'arccos',
  asinh: 'arcsinh',
  acosh: 'arccosh',
  atanh: 'arctanh',
  ptp: 'peaktopeak',
  tril: 'lowertriangle',
  triu: 'uppertriangle',
  gather: 'take',
  gatherv2: 'take',
  unpack: 'unstack',
  euclideannorm: 'norm',
  reduceeuclideannorm: 'norm',
  conjugate: 'conj',
  nantonum: 'identity',
  ...Object.fromEntries(['mean', 'sum', 'max', 'min'].map((op): [string, string] => [`nan${op}`, op])),
  nanprod: 'product',
  nanmedian: 'median',
  nanquantile: 'quantile',
  diff: 'difference',
  rot90: 'rotate',
  takealongaxis: 'takealong',
  rmsnormalization: 'rmsnorm',
  nanvar: 'variance',
  nanstd: 'deviation',
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
const lower = (names: readonly string[]): readonly string[] => names.map((op) => op.toLowerCase());
/** Operations over axes, by their plain names. */
export const REDUCTIONS = lower(REDUCED);
/** Operations of tensors alone; those that take options have a form of their own. */
export const ELEMENTWISE = lower(UNARY);
/** Operations of two operands, of which one may be a constant. */
export const PAIRS = lower(BINARY);
/** Operations that hand their tensor on. */
export const IDENTITIES = [
  'cast',
  'identity',
  'ensureshape',
  'converttotensor',
  'copy',
  'checknumerics',
  'real',
  'conj',
];

/** The name of an operation without its module, the same for all its spellings. */
export const plain = (name: string): string => {
  const short = name
    .slice(name.lastIndexOf('.') + 1)
    .toLowerCase()
    .replaceAll('_', '');
  return SAME[short] ?? short;
};
