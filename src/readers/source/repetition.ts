import type { Node } from '@babel/types';
import { rowOf } from '../../model/repeat.ts';
import type { LayerSpec, ModelSpec } from '../../model/spec.ts';
import { editedPart } from '../editedPart.ts';
import { Refused } from '../refused.ts';
import type { TextEdit } from './editConfig.ts';
import { configOf, keyOf } from './places.ts';
import { bare, propertyName, type Syntax, walk } from './syntax.ts';

/** A source in the middle of being edited: its tree, and the edits that go into every copy. */
export interface Editing {
  readonly syntax: Syntax;
  readonly edits: readonly TextEdit[];
  place(node: Node): string;
}

/** Where a layer is put into its model: a statement `model.add(call)`, or the call in a list of layers. */
function placement({ syntax }: Editing, call: Node): Node | undefined {
  let found: Node | undefined;
  walk(syntax.file.program, (node) => {
    if ((node.start ?? 0) > (call.start ?? 0) || (node.end ?? 0) < (call.end ?? 0)) return false;
    if (node.type === 'ArrayExpression' && node.elements.includes(call as never)) found = call;
    const expression = node.type === 'ExpressionStatement' ? bare(node.expression) : undefined;
    const callee = expression?.type === 'CallExpression' ? bare(expression.callee) : undefined;
    if (
      expression?.type === 'CallExpression' &&
      callee?.type === 'MemberExpression' &&
      propertyName(callee) === 'add' &&
      expression.arguments[0] !== undefined &&
      bare(expression.arguments[0]) === call
    )
      found = node;
    return true;
  });
  return found;
}

/** The edit that gives a copy a name of its own; none where the file gives no name. Throws Refused for a computed one. */
function renamed(editing: Editing, call: Node, name: string, place: string): readonly TextEdit[] {
  const config = configOf(call, editing.syntax.file.program)?.object;
  const property = config?.properties.find((entry) => keyOf(entry) === 'name');
  if (property === undefined) return [];
  const value = property.type === 'ObjectProperty' ? bare(property.value) : undefined;
  if (value?.type !== 'StringLiteral') throw new Refused(place, 'the name of this layer is computed');
  const quote = editing.syntax.text[value.start ?? 0] ?? "'";
  return [{ range: { start: value.start ?? 0, end: value.end ?? 0 }, text: `${quote}${name}${quote}` }];
}

/**
 * The row that a layer begins, written `times` times: a copy of its statements (or list entries) behind it. Throws Refused where
 * one call makes several layers, or where layers are joined in another way.
 */
export function repetition(
  editing: Editing,
  spec: ModelSpec,
  id: string,
  times: number,
  callOf: (layer: LayerSpec) => Node,
): TextEdit {
  const { text } = editing.syntax;
  const names = new Set(spec.layers.map(({ name }) => name));
  const row = rowOf(spec, id).flatMap((each) => spec.layers.filter((layer) => layer.id === each));
  const calls = row.map(callOf);
  const places = row.map((layer, index) => {
    const call = calls[index];
    const shared = spec.layers.filter((other) => {
      const [own, its] = [layer.origins[0], other.origins[0]];
      const same = own?.range.start === its?.range.start && own?.file === its?.file;
      return same && other.kind !== 'input';
    });
    const where = call === undefined ? spec.file : editing.place(call);
    if (shared.length > 1)
      throw new Refused(where, `this call makes ${shared.length} layers: change how often it is run`);
    const found = call === undefined ? undefined : placement(editing, call);
    if (found === undefined)
      throw new Refused(where, 'only model.add(…) and lists of layers can be repeated here');
    return found;
  });
  const last = places.at(-1);
  if (last === undefined) throw new Refused(spec.file, `"${id}" begins no row of layers`);
  const end = last.end ?? 0;
  const lineStart = text.lastIndexOf('\n', (last.start ?? 0) - 1) + 1;
  const own = /^[ \t]*$/.test(text.slice(lineStart, last.start ?? 0));
  const gap = own ? `${text.includes('\r\n') ? '\r\n' : '\n'}${text.slice(lineStart, last.start ?? 0)}` : ' ';
  let copies = '';
  for (let copy = 2; copy <= times; copy += 1)
    places.forEach((place, index) => {
      const [call, layer] = [calls[index], row[index]];
      if (call === undefined || layer === undefined) return;
      let number = copy;
      while (names.has(`${layer.name}_${number}`)) number += 1;
      names.add(`${layer.name}_${number}`);
      const naming = renamed(editing, call, `${layer.name}_${number}`, editing.place(call));
      const start = place.start ?? 0;
      const body = editedPart(text, start, place.end ?? 0, [...editing.edits, ...naming]);
      copies += place.type === 'ExpressionStatement' ? gap + body : `,${gap}${body}`;
    });
  return { range: { start: end, end }, text: copies };
}
