import type { JsonNode } from './node.ts';
import type { FileEdit } from '../../model/change.ts';
import { rowOf } from '../../model/repeat.ts';
import { editedPart } from '../editedPart.ts';
import { Refused } from '../refused.ts';
import type { JsonEditing } from './editLayers.ts';
import { member, rangeOf, textOf } from './parse.ts';

type TextEdit = FileEdit['edits'][number];

/** A name that no layer has yet: `dense_2`, or further. */
function freeName(name: string, copy: number, taken: Set<string>): string {
  let number = copy;
  while (taken.has(`${name}_${number}`)) number += 1;
  taken.add(`${name}_${number}`);
  return `${name}_${number}`;
}

/** The objects of a row as they stand in the list of a Sequential's layers, one after another. */
function rowObjects({ spec, places }: JsonEditing, id: string): readonly JsonNode[] {
  const objects = rowOf(spec, id).map((each) => places.get(each)?.object);
  const all = places.get(id)?.row ?? [];
  const at = all.findIndex((node) => node === objects[0]);
  if (at < 0)
    throw new Refused(id, 'Only rows of a Sequential model are repeated here, not parts of a graph.');
  return objects.map((object, index) => {
    if (object === undefined || all[at + index] !== object)
      throw new Refused(id, 'The layers of this row do not stand one after another in the file.');
    return object;
  });
}

/** What stands between two layers of a list. */
function gapOf(text: string, row: readonly JsonNode[]): string {
  const end = (node: JsonNode | undefined) => (node?.offset ?? 0) + (node?.length ?? 0);
  const next = row.findIndex((node, index) => index > 0 && node.offset >= end(row[index - 1]));
  return next < 0 ? ', ' : text.slice(end(row[next - 1]), row[next]?.offset);
}

/** Copies of rows of layers, inserted behind them with `parts`, the other edits, already in. Throws Refused where the graph is not a row. */
export function repetitions(editing: JsonEditing, parts: readonly TextEdit[]): TextEdit[] {
  const { text, spec, changes } = editing;
  const taken = new Set(spec.layers.map(({ name }) => name));
  return changes.flatMap((change) => {
    if (!('times' in change)) return [];
    if (spec.savedWeights)
      throw new Refused(spec.file, 'The file carries trained weights of its present layers.');
    return change.layers.map((id): TextEdit => {
      const row = rowObjects(editing, id);
      const gap = gapOf(text, editing.places.get(id)?.row ?? []);
      let copies = '';
      for (let copy = 2; copy <= change.times; copy += 1)
        for (const object of row) {
          const names = [member(object, 'config', 'name'), member(object, 'name')].filter(
            (node) => node?.type === 'string',
          );
          const name = freeName(textOf(names[0]) ?? '', copy, taken);
          const renamed = names.map((node) => ({
            range: rangeOf(node as JsonNode),
            text: JSON.stringify(name),
          }));
          copies +=
            gap + editedPart(text, object.offset, object.offset + object.length, [...parts, ...renamed]);
        }
      const last = row.at(-1);
      const end = (last?.offset ?? 0) + (last?.length ?? 0);
      return { range: { start: end, end }, text: copies };
    });
  });
}
