import type { JsonNode } from './node.ts';
import type { Files } from '../../model/measurer.ts';
import type { Problem } from '../../model/problem.ts';
import type { SavedWeight } from '../../model/spec.ts';
import { elements, member, rangeOf, textOf } from './parse.ts';

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/** Saved weights of a TF.js model by the manifest's names. */
interface SavedWeights {
  readonly byName: ReadonlyMap<string, SavedWeight>;
  readonly problems: readonly Problem[];
}

interface Shard {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

async function shardsOf(
  group: JsonNode,
  file: string,
  files: Files,
  problems: Problem[],
): Promise<readonly Shard[] | undefined> {
  const shards: Shard[] = [];
  let at = 0;
  for (const node of elements(member(group, 'paths'))) {
    const name = textOf(node) ?? '';
    const path = files.beside(file, name);
    if (path === undefined || !(await files.exists(path))) {
      const reason =
        path === undefined ? 'lies outside of the folder of the model' : 'is missing beside the model';
      problems.push({
        file,
        range: rangeOf(node),
        message: `The weight file "${name}" ${reason}: the saved weights are not inspected, fresh ones are.`,
        severity: 'note',
      });
      return undefined;
    }
    const size = await files.size(path);
    shards.push({ path, start: at, end: at + size });
    at += size;
  }
  return shards;
}

/** Parts of the shards that hold [start, end) of a group's bytes. */
function partsOf(
  shards: readonly Shard[],
  start: number,
  end: number,
): { file: string; start: number; byteLength: number }[] {
  return shards.flatMap((shard) => {
    const from = Math.max(start, shard.start);
    const to = Math.min(end, shard.end);
    return from < to ? [{ file: shard.path, start: from - shard.start, byteLength: to - from }] : [];
  });
}

function quantizationOf(entry: JsonNode): SavedWeight['quantization'] {
  const node = member(entry, 'quantization');
  const dtype = textOf(member(node, 'dtype'));
  if (dtype === undefined) return undefined;
  const scale = member(node, 'scale');
  const min = member(node, 'min');
  return {
    dtype,
    ...(typeof scale?.value === 'number' ? { scale: scale.value } : {}),
    ...(typeof min?.value === 'number' ? { min: min.value } : {}),
  };
}

/** Where every weight of a manifest lies, shard sizes checked (longer ones are fine, shorter ones a note). Reads no weights. */
export async function manifestWeights(manifest: JsonNode, file: string, files: Files): Promise<SavedWeights> {
  const byName = new Map<string, SavedWeight>();
  const problems: Problem[] = [];
  for (const group of elements(manifest)) {
    const shards = await shardsOf(group, file, files, problems);
    if (shards === undefined) continue;
    let at = 0;
    const total = shards.at(-1)?.end ?? 0;
    for (const entry of elements(member(group, 'weights'))) {
      const name = textOf(member(entry, 'name')) ?? '';
      const dtype = textOf(member(entry, 'dtype')) ?? 'float32';
      const shape = elements(member(entry, 'shape')).map((node) => Number(node.value));
      const quantization = quantizationOf(entry);
      const width = BYTES[quantization?.dtype ?? dtype];
      if (width === undefined) break;
      const byteLength = shape.reduce((a, b) => a * b, 1) * width;
      if (at + byteLength > total) {
        problems.push({
          file,
          range: rangeOf(entry),
          message: `The weight files end before "${name}": the saved weights from here on are not inspected.`,
          found: `${total} bytes`,
          expected: `at least ${at + byteLength} bytes`,
          severity: 'note',
        });
        break;
      }
      const parts = partsOf(shards, at, at + byteLength);
      const [first] = parts;
      if (first !== undefined)
        byName.set(name, {
          ...(parts.length === 1 ? first : { file: first.file, parts }),
          shape,
          dtype,
          ...(quantization === undefined ? {} : { quantization }),
        });
      at += byteLength;
    }
  }
  return { byName, problems };
}
