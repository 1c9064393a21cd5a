import type { Report } from '../../src/model/report.ts';

/** Where a key leads from a layer: down and up along its edges, right and left in graph order. */
export function walker({ edges, layers }: Report): (from: string, key: string) => string | undefined {
  const order = layers.map(({ id }) => id);
  return (from, key) => {
    const beside = (offset: number) => order[order.indexOf(from) + offset];
    switch (key) {
      case 'ArrowDown':
        return edges.find((edge) => edge.from === from)?.to;
      case 'ArrowUp':
        return edges.find((edge) => edge.to === from)?.from;
      case 'ArrowRight':
        return beside(1);
      case 'ArrowLeft':
        return beside(-1);
      case 'Home':
        return order[0];
      case 'End':
        return order.at(-1);
      default:
        return undefined;
    }
  };
}
