import { matMul, reshape, sum, type Tensor, transpose } from '@tensorflow/tfjs-core';

interface Equation {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly out: readonly string[];
}

function parse(equation: string, a: Tensor, b: Tensor): Equation {
  const match = /^([a-zA-Z]*),([a-zA-Z]*)->([a-zA-Z]*)$/.exec(equation.replaceAll(' ', ''));
  const [left, right, out] = (match?.slice(1) ?? []).map((part) => [...part]);
  if (left === undefined || right === undefined || out === undefined) {
    throw new RangeError(
      `einsum takes two operands and an explicit result, such as "abc,cd->abd", not "${equation}".`,
    );
  }
  const repeated = [left, right, out].some((labels) => new Set(labels).size !== labels.length);
  if (repeated || out.some((label) => !left.includes(label) && !right.includes(label))) {
    throw new RangeError(
      `einsum "${equation}" repeats a label within an operand or names one that no operand has.`,
    );
  }
  if (left.length !== a.rank || right.length !== b.rank) {
    throw new RangeError(`einsum "${equation}" does not fit operands of rank ${a.rank} and ${b.rank}.`);
  }
  return { a: left, b: right, out };
}

/** Sums the axes of labels that occur nowhere else. */
function dropOwn(x: Tensor, labels: readonly string[], used: readonly string[]): [Tensor, string[]] {
  const own = labels.flatMap((label, axis) => (used.includes(label) ? [] : [axis]));
  return [own.length > 0 ? sum(x, own) : x, labels.filter((label) => used.includes(label))];
}

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

/**
 * Einstein summation of two operands as one batched matrix product, differentiable (tfjs's own einsum has no gradient). Labels in both operands and the
 * result are the batch; labels in both but not the result are contracted; labels of one operand alone are summed.
 * @throws RangeError for other than two operands, repeated labels, ellipses and sizes that differ.
 */
export function einsum(equation: string, left: Tensor, right: Tensor): Tensor {
  const labels = parse(equation, left, right);
  const [a, aLabels] = dropOwn(left, labels.a, [...labels.b, ...labels.out]);
  const [b, bLabels] = dropOwn(right, labels.b, [...labels.a, ...labels.out]);
  const size = new Map<string, number>();
  for (const [x, own] of [
    [a, aLabels],
    [b, bLabels],
  ] as const) {
    own.forEach((label, axis) => {
      const known = size.get(label) ?? x.shape[axis]!;
      if (known !== x.shape[axis])
        throw new RangeError(`einsum "${equation}": ${label} is both ${known} and ${x.shape[axis]}.`);
      size.set(label, known);
    });
  }
  const batch = labels.out.filter((label) => aLabels.includes(label) && bLabels.includes(label));
  const inner = aLabels.filter((label) => bLabels.includes(label) && !labels.out.includes(label));
  const rows = aLabels.filter((label) => !bLabels.includes(label));
  const columns = bLabels.filter((label) => !aLabels.includes(label));
  const sizes = (group: readonly string[]) => group.map((label) => size.get(label)!);
  const arrange = (
    x: Tensor,
    own: readonly string[],
    first: readonly string[],
    second: readonly string[],
  ) => {
    const order = [...batch, ...first, ...second].map((label) => own.indexOf(label));
    return reshape(transpose(x, order), [
      product(sizes(batch)),
      product(sizes(first)),
      product(sizes(second)),
    ]);
  };
  const result = matMul(arrange(a, aLabels, rows, inner), arrange(b, bLabels, inner, columns));
  const have = [...batch, ...rows, ...columns];
  return transpose(
    reshape(result, sizes(have)),
    labels.out.map((label) => have.indexOf(label)),
  );
}
