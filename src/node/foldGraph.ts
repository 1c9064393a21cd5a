import type { GraphLayout } from '../model/report.ts';

type Point = readonly [number, number];

/** A place where the drawing can be cut, and the edges that cross it, from left to right. */
interface Cut {
  readonly y: number;
  readonly crossing: readonly number[];
}

/** Pixels between columns, between lanes of edges, from a column's boxes to the first lane, and below a box where it is cut. */
const [GUTTER, LANE, MARGIN, BELOW] = [56, 5, 8, 3];

/** Height of a drawing in pixels that needs no second column. */
const COLUMN_HEIGHT = 560;

/** More edges than this are not led from one column to the next. */
const MOST_CROSSING = 6;

/** What one crossing edge more costs, in pixels of difference between the columns. */
const CROSSING_COST = 60;

/** Where a polyline crosses a height, going down. */
function crossingAt(points: readonly Point[], y: number): number | undefined {
  const index = points.findIndex(([, at], place) => at <= y && (points[place + 1]?.[1] ?? at) > y);
  return points[index]?.[0];
}

/** Heights just below a row of boxes, beside no other box. */
function gaps({ nodes }: GraphLayout): readonly number[] {
  const boxes = Object.values(nodes).sort((a, b) => a.y - b.y);
  const found: number[] = [];
  let bottom = Infinity;
  for (const { y, height } of boxes) {
    if (y > bottom + BELOW) found.push(bottom + BELOW);
    bottom = Math.max(bottom === Infinity ? y : bottom, y + height);
  }
  return found;
}

function cutsOf(layout: GraphLayout, columns: number): readonly Cut[] {
  const possible = gaps(layout).map((y): Cut => {
    const places = layout.edges.map((points) => crossingAt(points, y));
    const crossing = places.flatMap((x, edge) => (x === undefined ? [] : [{ x, edge }]));
    return { y, crossing: crossing.sort((a, b) => a.x - b.x).map(({ edge }) => edge) };
  });
  const size = layout.height / columns;
  return Array.from({ length: columns - 1 }, (_, index) => (index + 1) * size).flatMap((wanted) => {
    const cost = ({ y, crossing }: Cut) => Math.abs(y - wanted) + CROSSING_COST * crossing.length;
    const near = possible.filter(
      ({ y, crossing }) => Math.abs(y - wanted) < size / 3 && crossing.length <= MOST_CROSSING,
    );
    const [best] = near.sort((a, b) => cost(a) - cost(b));
    return best === undefined ? [] : [best];
  });
}

/**
 * The drawing of a deep net cut into columns side by side, read like those of a newspaper, as many as stand in `width` pixels; edges from
 * one column to the next run down, up between them and in from above. A drawing that is low, wide or has an edge upwards stays as it is.
 */
export function foldedGraph(layout: GraphLayout, width: number): GraphLayout {
  const { edges } = layout;
  const columns = Math.min(
    Math.floor((width + GUTTER) / (layout.width + GUTTER)),
    Math.ceil(layout.height / COLUMN_HEIGHT),
  );
  const upwards = edges.some((points) =>
    points.some(([, y], index) => y < (points[index - 1]?.[1] ?? y) - 0.5),
  );
  const cuts = columns < 2 || upwards ? [] : cutsOf(layout, columns);
  if (cuts.length === 0) return layout;
  const lanes = Math.max(...cuts.map(({ crossing }) => crossing.length));
  const head = MARGIN + lanes * LANE;
  const columnOf = (y: number) => cuts.filter((cut) => cut.y < y).length;
  const moved = ([x, y]: Point, column: number): [number, number] => [
    x + column * (layout.width + GUTTER),
    y - (cuts[column - 1]?.y ?? 0) + head,
  ];
  const over = (edge: number, x: number, column: number): [number, number][] => {
    const { y, crossing } = cuts[column] ?? { y: 0, crossing: [] };
    const lane = (crossing.indexOf(edge) + 1) * LANE;
    const from = moved([x, y], column);
    const to = moved([x, y], column + 1);
    const between = (column + 1) * (layout.width + GUTTER) - GUTTER / 2 + lane - (LANE * (lanes + 1)) / 2;
    const [below, above] = [from[1] + MARGIN + lane, head - lane];
    return [from, [from[0], below], [between, below], [between, above], [to[0], above], to];
  };
  const folded = edges.map((points, edge) =>
    points.flatMap((point, index): [number, number][] => {
      const column = columnOf(point[1]);
      const next = columnOf(points[index + 1]?.[1] ?? point[1]);
      const bends = Array.from({ length: next - column }, (_, step) => over(edge, point[0], column + step));
      return [moved(point, column), ...bends.flat()];
    }),
  );
  const nodes = Object.entries(layout.nodes).map(([id, box]) => {
    const [x, y] = moved([box.x, box.y], columnOf(box.y));
    return [id, { ...box, x, y }] as const;
  });
  return {
    width: (cuts.length + 1) * (layout.width + GUTTER) - GUTTER,
    height:
      Math.max(...folded.flat().map(([, y]) => y), ...nodes.map(([, box]) => box.y + box.height)) + MARGIN,
    nodes: Object.fromEntries(nodes),
    edges: folded,
  };
}
