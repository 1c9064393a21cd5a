import { parser } from '@lezer/python';
import type { TextRange } from '../../../model/origin.ts';

/** A node of the syntax tree of a Python text; broken code gives a tree too. */
export type PyNode = ReturnType<typeof parser.parse>['topNode'];

/** A parsed text: instant, without Python. */
export interface PythonSyntax {
  readonly text: string;
  readonly top: PyNode;
}

/** Arguments of a call: positional ones in order, keywords by name; starred ones stand among the positional. */
interface CallArguments {
  readonly positional: readonly PyNode[];
  readonly keywords: ReadonlyMap<string, PyNode>;
}

/** Parses a text; never fails. */
export function parsePython(text: string): PythonSyntax {
  return { text, top: parser.parse(text).topNode };
}

/** The text of a node. */
export const textOf = ({ text }: PythonSyntax, { from, to }: PyNode): string => text.slice(from, to);

/** The range of a node. */
export const rangeOf = ({ from, to }: PyNode): TextRange => ({ start: from, end: to });

/** The children of a node, without punctuation. */
export function childrenOf(node: PyNode): PyNode[] {
  const children: PyNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

/** Every node of these kinds inside a node, in the order of the text. */
export function within(node: PyNode, ...kinds: readonly string[]): PyNode[] {
  const found: PyNode[] = [];
  node.cursor().iterate((each) => {
    if (kinds.includes(each.name)) found.push(each.node);
  });
  return found;
}

/** What a call calls, as written (`nn.Linear`); empty for anything but names and members. */
export function calleeOf(syntax: PythonSyntax, call: PyNode): string {
  const callee = call.firstChild;
  const text = callee === null ? '' : textOf(syntax, callee);
  return /^[\w.]+$/.test(text) ? text : '';
}

/** The last name of what a call calls: `Linear`. */
export const calledName = (syntax: PythonSyntax, call: PyNode): string =>
  calleeOf(syntax, call).split('.').at(-1) ?? '';

/** The arguments of a call or the bases of a class. */
export function argumentsOf(syntax: PythonSyntax, call: PyNode): CallArguments {
  const positional: PyNode[] = [];
  const keywords = new Map<string, PyNode>();
  const list = call.getChild('ArgList');
  let name: PyNode | undefined;
  for (const child of list === null ? [] : childrenOf(list)) {
    if (child.name === 'AssignOp') {
      name = positional.pop();
    } else if (!['(', ')', ',', '*', '**', 'Comment'].includes(child.name)) {
      if (name === undefined) positional.push(child);
      else keywords.set(textOf(syntax, name), child);
      name = undefined;
    }
  }
  return { positional, keywords };
}

/** Targets and values of an assignment, pairwise where it has one of each; annotated ones too. */
export function assignedOf(
  assignment: PyNode,
): { readonly targets: readonly PyNode[]; readonly value: PyNode } | undefined {
  const parts = childrenOf(assignment).filter(({ name }) => name !== 'TypeDef' && name !== 'Comment');
  const last = parts.findLastIndex(({ name }) => name === 'AssignOp');
  const value = parts[last + 1];
  if (last < 1 || value === undefined) return undefined;
  return { targets: parts.slice(0, last).filter(({ name }) => name !== 'AssignOp' && name !== ','), value };
}
