import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GraphLayout } from '../../../src/model/report.ts';
import { foldedGraph } from '../../../src/node/foldGraph.ts';

const STEP = 58;

/** A chain of boxes drawn downwards, with an edge beside it over each of these stretches. */
function chain(count: number, skips: readonly (readonly [from: number, to: number])[] = []): GraphLayout {
  const top = (index: number) => 12 + index * STEP;
  const names = Array.from({ length: count }, (_, index) => `layer_${index}`);
  return {
    width: 160,
    height: 24 + count * STEP - 28,
    nodes: Object.fromEntries(
      names.map((name, index) => [name, { x: 30, y: top(index), width: 100, height: 30 }]),
    ),
    edges: [
      ...names.slice(1).map((_, index): [number, number][] => [
        [80, top(index) + 30],
        [80, top(index + 1)],
      ]),
      ...skips.map(([from, to]): [number, number][] => [
        [100, top(from) + 30],
        [100, top(from) + 44],
        [150, top(from) + 44],
        [150, top(to) - 14],
        [100, top(to) - 14],
        [100, top(to)],
      ]),
    ],
  };
}

/** The layer whose box has this point on its lower or upper border. */
function boxAt(
  { nodes }: GraphLayout,
  point: readonly [number, number] | undefined,
  border: 'upper' | 'lower',
) {
  const [x, y] = point ?? [NaN, NaN];
  return Object.entries(nodes).find(
    ([, box]) =>
      x >= box.x &&
      x <= box.x + box.width &&
      Math.abs(y - (border === 'upper' ? box.y : box.y + box.height)) < 0.1,
  )?.[0];
}

const ends = (layout: GraphLayout) =>
  layout.edges.map((points) => [boxAt(layout, points[0], 'lower'), boxAt(layout, points.at(-1), 'upper')]);

test('a long chain stands in columns beside each other that fit, each box and edge end where it was', () => {
  const skips = [
    [3, 8],
    [9, 34],
    [2, 58],
  ] as const;
  const before = chain(60, skips);
  const after = foldedGraph(before, 880);
  assert.ok(after.width <= 880 && after.height < before.height / 3, `${after.width} × ${after.height}`);
  assert.deepEqual(Object.keys(after.nodes), Object.keys(before.nodes));
  assert.deepEqual(ends(after), ends(before));
  assert.ok(
    ends(after)
      .flat()
      .every((name) => name !== undefined),
  );
});

test('edges run along the axes, stay in the drawing and cross no box', () => {
  const layout = foldedGraph(chain(60, [[4, 50]]), 880);
  for (const points of layout.edges)
    points.forEach(([x, y], index) => {
      assert.ok(x >= 0 && x <= layout.width && y >= 0 && y <= layout.height);
      const [px, py] = points[index - 1] ?? [x, y];
      assert.ok(px === x || py === y, `${px},${py} to ${x},${y}`);
      for (const [name, box] of Object.entries(layout.nodes)) {
        const inside =
          Math.max(px, x) > box.x &&
          Math.min(px, x) < box.x + box.width &&
          Math.max(py, y) > box.y + 0.1 &&
          Math.min(py, y) < box.y + box.height - 0.1;
        assert.ok(!inside, `${name} is crossed`);
      }
    });
});

test('boxes keep their order: down a column, then on to the next', () => {
  const { nodes } = foldedGraph(chain(100), 880);
  const boxes = Object.values(nodes);
  boxes.slice(1).forEach((box, index) => {
    const before = boxes[index];
    assert.ok(before !== undefined && (box.x === before.x ? box.y > before.y : box.x > before.x));
  });
});

test('a drawing that is low, wide, without a gap or led upwards stays as it is', () => {
  const low = chain(8);
  const wide = { ...chain(60), width: 700 };
  const upwards = { ...chain(60), edges: [[[80, 500] as const, [80, 100] as const]] };
  const solid = { ...chain(60), nodes: { one: { x: 0, y: 0, width: 100, height: 3400 } } };
  for (const layout of [low, wide, upwards, solid]) assert.equal(foldedGraph(layout, 880), layout);
});
