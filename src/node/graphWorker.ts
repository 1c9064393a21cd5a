import { parentPort } from 'node:worker_threads';
import ELK from 'elkjs/lib/elk.bundled.js';
import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { GraphLayout } from '../model/report.ts';
import { foldedGraph } from './foldGraph.ts';

/** What is laid out: boxes of a size each, and edges between them. */
export interface GraphQuestion {
  readonly nodes: readonly { readonly id: string; readonly width: number }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** Height of every box in pixels. */
const BOX_HEIGHT = 30;

/** Pixels that a drawing has beside the details of a layer, in a report 1280 pixels wide. */
const REPORT_WIDTH = 880;

async function layout({ nodes, edges }: GraphQuestion): Promise<GraphLayout> {
  const elk = new ELK();
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'DOWN',
      'elk.layered.spacing.nodeNodeBetweenLayers': '28',
      'elk.spacing.nodeNode': '24',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.layered.thoroughness': nodes.length > 300 ? '1' : '5',
    },
    children: nodes.map(({ width }, index) => ({ id: String(index), width, height: BOX_HEIGHT })),
    edges: ports({ nodes, edges }),
  };
  const placed: ElkNode = await elk.layout(graph);
  const boxes: Record<string, GraphLayout['nodes'][string]> = Object.create(null) as Record<string, never>;
  for (const { id, x = 0, y = 0, width = 0, height = 0 } of placed.children ?? []) {
    const name = nodes[Number(id)]?.id;
    if (name !== undefined) boxes[name] = { x: round(x), y: round(y), width, height };
  }
  const drawn = {
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    nodes: boxes,
    edges: (placed.edges ?? []).map((edge) => bends(edge)),
  };
  return foldedGraph(drawn, REPORT_WIDTH);
}

function ports({ nodes, edges }: GraphQuestion): ElkExtendedEdge[] {
  const at = new Map(nodes.map(({ id }, index) => [id, String(index)]));
  return edges.flatMap(({ from, to }, index) => {
    const [source, target] = [at.get(from), at.get(to)];
    return source === undefined || target === undefined
      ? []
      : [{ id: `e${index}`, sources: [source], targets: [target] }];
  });
}

function bends(edge: ElkExtendedEdge): [number, number][] {
  return (edge.sections ?? []).flatMap(({ startPoint, bendPoints, endPoint }) =>
    [startPoint, ...(bendPoints ?? []), endPoint].map(({ x, y }): [number, number] => [round(x), round(y)]),
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

parentPort?.on('message', (question: GraphQuestion) => {
  layout(question).then(
    (answer) => parentPort?.postMessage({ layout: answer }),
    (error: unknown) => parentPort?.postMessage({ error: String(error) }),
  );
});
