import type { ReportLayer } from '../../src/model/report.ts';

/** Layers in a row that belong together: a nested model, a block by its name, or just the next so many. */
export interface Block {
  readonly title: string;
  /** First layer and the one after the last, as indices. */
  readonly from: number;
  readonly to: number;
}

/** More blocks than this say nothing side by side. */
const MOST = 30;

/** Names of blocks as the common families write them: `conv2_block1_1_conv`, `res2a_branch2b`, `bn2a_…`, `block_3_expand`. */
const BLOCK_NAMES = [
  /^(?:res|bn|scale|act)(\d+[a-z]\d*)[_-]/i,
  /^((?:.*?[_.-])?(?:block|stage|stack|layer|unit|module|mixed|encoder|decoder|cell)[_.-]?\d+[a-z]*)[_./-]/i,
  /^(conv\d+_block\d+)[_.-]/i,
];

/** The part a layer belongs to: its folder in the graph, or the block that its name tells; empty where it tells none. */
function partOf({ path }: ReportLayer): string {
  if (path.length > 1) return path.slice(0, -1).join('/');
  const [name = ''] = path;
  for (const pattern of BLOCK_NAMES) {
    const block = pattern.exec(name)?.[1];
    if (block !== undefined) return block;
  }
  return '';
}

function inRows(layers: readonly ReportLayer[], key: (layer: ReportLayer) => string): Block[] {
  const blocks: { title: string; from: number; to: number }[] = [];
  layers.forEach((layer, index) => {
    const title = key(layer);
    const last = blocks.at(-1);
    if (last !== undefined && (title === '' || last.title === title)) last.to = index + 1;
    else blocks.push({ title, from: index, to: index + 1 });
  });
  return blocks;
}

/** The blocks of a deep model; even pieces, by number, where names tell of none. Merges and activations between go with the block before. */
export function blocksOf(layers: readonly ReportLayer[]): readonly Block[] {
  const named = inRows(layers, partOf);
  const coarse = inRows(layers, (layer) =>
    partOf(layer).replace(/[_.-]?(?:block|unit|layer)[_.-]?\d+[a-z]*.*$/i, ''),
  );
  for (const found of [named, coarse])
    if (
      found.length > 1 &&
      found.length <= MOST &&
      found.every(({ from, to }) => to - from < layers.length * 0.8)
    )
      return found.map((block) => ({
        ...block,
        title: block.title === '' ? 'start' : block.title,
      }));
  const size = Math.max(2, Math.ceil(layers.length / 12));
  return Array.from({ length: Math.ceil(layers.length / size) }, (_, index) => {
    const [from, to] = [index * size, Math.min(layers.length, (index + 1) * size)];
    return { title: `${from + 1}–${to}`, from, to };
  });
}
