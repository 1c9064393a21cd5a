import {
  argumentsOf,
  assignedOf,
  calleeOf,
  childrenOf,
  type PyNode,
  type PythonSyntax,
  textOf,
} from './syntax.ts';

const SCOPES = new Set(['FunctionDefinition', 'ClassDefinition', 'LambdaExpression', 'Script']);
const COMPREHENSIONS = new Set(['ArrayComprehensionExpression', 'ComprehensionExpression']);

function defaultOf(syntax: PythonSyntax, definition: PyNode, name: string): PyNode | undefined {
  const list = definition.getChild('ParamList');
  const parts = list === null ? [] : childrenOf(list);
  for (const [index, part] of parts.entries()) {
    if (part.name !== 'VariableName' || textOf(syntax, part) !== name) continue;
    const after = parts.slice(index + 1).findIndex(({ name: kind }) => kind === ',');
    const own = after < 0 ? parts.slice(index) : parts.slice(index, index + 1 + after);
    const sign = own.findIndex(({ name: kind }) => kind === 'AssignOp');
    return sign < 0 ? undefined : own[sign + 1];
  }
  return undefined;
}

/** The one value assigned to a name in a body's own statements; undefined when there are none or several. */
function assignedIn(syntax: PythonSyntax, scope: PyNode, name: string): PyNode | undefined {
  const body = scope.getChild('Body') ?? scope;
  const values = body.getChildren('AssignStatement').flatMap((statement) => {
    const assigned = assignedOf(statement);
    const [target] = assigned?.targets ?? [];
    return assigned !== undefined && target !== undefined && textOf(syntax, target) === name
      ? [assigned.value]
      : [];
  });
  return values.length === 1 ? values[0] : undefined;
}

function valueOf(syntax: PythonSyntax, node: PyNode, name: string): PyNode | undefined {
  for (let scope: PyNode | null = node.parent; scope !== null; scope = scope.parent) {
    if (!SCOPES.has(scope.name)) continue;
    const found =
      (scope.name === 'FunctionDefinition' ? defaultOf(syntax, scope, name) : undefined) ??
      assignedIn(syntax, scope, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The number an expression stands for, as far as the text says it: literals, defaults of parameters, names assigned once, + − * //. */
export function numberOf(syntax: PythonSyntax, node: PyNode | undefined, depth = 0): number | undefined {
  if (node === undefined || depth > 6) return undefined;
  const inner = (each: PyNode | undefined): number | undefined => numberOf(syntax, each, depth + 1);
  switch (node.name) {
    case 'Number':
      return Number(textOf(syntax, node).replaceAll('_', ''));
    case 'ParenthesizedExpression':
      return inner(childrenOf(node)[1]);
    case 'VariableName':
      return inner(valueOf(syntax, node, textOf(syntax, node)));
    case 'BinaryExpression': {
      const [left, operator, right] = childrenOf(node);
      const [a, b] = [inner(left), inner(right)];
      if (a === undefined || b === undefined || operator === undefined) return undefined;
      const sign = textOf(syntax, operator);
      if (sign === '+') return a + b;
      if (sign === '-') return a - b;
      if (sign === '*') return a * b;
      return sign === '//' && b !== 0 ? Math.floor(a / b) : undefined;
    }
    default:
      return undefined;
  }
}

/** How often a loop over an expression runs; undefined where the text does not say. */
function lengthOf(syntax: PythonSyntax, iterable: PyNode | undefined): number | undefined {
  if (iterable?.name !== 'CallExpression' || calleeOf(syntax, iterable) !== 'range') return undefined;
  const bounds = argumentsOf(syntax, iterable).positional.map((each) => numberOf(syntax, each));
  const [first, second, step = 1] = bounds;
  if (first === undefined || bounds.includes(undefined)) return undefined;
  return Math.max(0, second === undefined ? first : Math.ceil((second - first) / step));
}

function timesOfFor(syntax: PythonSyntax, loop: PyNode, inner: PyNode): number {
  if (inner.name !== 'Body') return 1;
  const parts = childrenOf(loop);
  return lengthOf(syntax, parts[parts.findIndex(({ name }) => name === 'in') + 1]) ?? 1;
}

function timesOfComprehension(syntax: PythonSyntax, comprehension: PyNode, inner: PyNode): number {
  const parts = childrenOf(comprehension);
  const own = parts.findIndex(({ from }) => from === inner.from);
  return parts.reduce((times, part, index) => {
    const iterable = parts[index + 1];
    if (part.name !== 'in' || iterable === undefined || index + 1 === own) return times;
    return times * (lengthOf(syntax, iterable) ?? 1);
  }, 1);
}

function timesOfProduct(syntax: PythonSyntax, product: PyNode, inner: PyNode): number {
  const [left, operator, right] = childrenOf(product);
  if (operator === undefined || textOf(syntax, operator) !== '*' || inner.name !== 'ArrayExpression')
    return 1;
  return numberOf(syntax, left?.from === inner.from ? right : left) ?? 1;
}

/** How often a node is run each time its function or class body is: the product of the loops around it; unknown counts are 1. */
export function timesRun(syntax: PythonSyntax, node: PyNode): number {
  let times = 1;
  let inner = node;
  for (let outer = node.parent; outer !== null && !SCOPES.has(outer.name); outer = outer.parent) {
    if (outer.name === 'ForStatement') times *= timesOfFor(syntax, outer, inner);
    else if (COMPREHENSIONS.has(outer.name)) times *= timesOfComprehension(syntax, outer, inner);
    else if (outer.name === 'BinaryExpression') times *= timesOfProduct(syntax, outer, inner);
    inner = outer;
  }
  return times;
}
