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

/** The name of the part a layer belongs to: its folder in the graph, or what stands before the last number of a block's name. */
function partOf({ path }: ReportLayer): string {
  if (path.length > 1) return path.slice(0, -1).join('/');
  const [name = ''] = path;
  const block =
    /^(.*?(?:block|stage|stack|layer|unit|module|mixed|encoder|decoder|cell|conv|res)[_.-]?\d+[a-z]*)(?=[_./-])/i.exec(
      name,
    );
  return block?.[1] ?? '';
}

function inRows(layers: readonly ReportLayer[], key: (layer: ReportLayer) => string): Block[] {
  const blocks: { title: string; from: number; to: number }[] = [];
  layers.forEach((layer, index) => {
    const title = key(layer);
    const last = blocks.at(-1);
    if (last?.title === title) last.to = index + 1;
    else blocks.push({ title, from: index, to: index + 1 });
  });
  return blocks;
}

/** The blocks of a deep model; even pieces where names tell of none. */
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
        title: block.title === '' ? (layers[block.from]?.id ?? '') : block.title,
      }));
  const size = Math.max(2, Math.ceil(layers.length / 20));
  return Array.from({ length: Math.ceil(layers.length / size) }, (_, index) => {
    const [from, to] = [index * size, Math.min(layers.length, (index + 1) * size)];
    return { title: `${layers[from]?.id ?? ''} …`, from, to };
  });
}
