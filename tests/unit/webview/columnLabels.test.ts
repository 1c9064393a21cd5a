import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelledColumns } from '../../../webview/report/columnLabels.ts';

/** Pixels between the two labelled columns that stand closest. */
function closest(labelled: ReadonlySet<number>, room: number): number {
  const places = Array.from(labelled).sort((a, b) => a - b);
  return Math.min(...places.slice(1).map((place, index) => (place - (places[index] ?? 0)) * room));
}

test('wide columns are all labelled, narrow ones as far apart as a turned word needs', () => {
  assert.deepEqual(Array.from(labelledColumns(4, 60)), [0, 1, 2, 3]);
  for (const room of [3, 7.5, 11, 23]) assert.ok(closest(labelledColumns(160, room), room) >= 24, `${room}`);
});

test('what is selected and where a finding starts keep their labels, and their neighbours give way', () => {
  const labelled = labelledColumns(100, 8, [41, 43, 50]);
  assert.ok(labelled.has(41) && labelled.has(50));
  assert.ok(!labelled.has(43) && !labelled.has(42) && !labelled.has(39));
  assert.ok(closest(labelled, 8) >= 24);
  assert.ok(labelled.size > 20);
});

test('a column that is not there, no room and no columns label nothing wrongly', () => {
  assert.deepEqual(Array.from(labelledColumns(2, 60, [-1, 7])), [0, 1]);
  assert.deepEqual(Array.from(labelledColumns(0, 60, [0])), []);
  assert.equal(labelledColumns(50, 0, [3]).size, 1);
});
