import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLUMNS, columnWidths, layersCsv, told } from '../../../webview/report/layerColumns.ts';
import { madeReport } from '../../support/reports.ts';

const { layers } = madeReport(12, 1e-3);

test('numbers have the room of the longest of them, words shrink, and the least is what both take together', () => {
  const { tracks, least } = columnWidths(COLUMNS, layers);
  const parts = Array.from(tracks.matchAll(/minmax\((\d+)ch, (\d+)ch\)/g), ([, a, b]) => [
    Number(a),
    Number(b),
  ]);
  assert.equal(parts.length, COLUMNS.length);
  parts.forEach(([low = 0, high = 0], index) => {
    const { number, title, text } = COLUMNS[index] ?? assert.fail();
    assert.ok(low <= high);
    if (number !== true) return;
    assert.equal(low, high);
    for (const words of [title, ...layers.map(text)]) assert.ok(words.length < low, words);
  });
  assert.equal(
    least,
    parts.reduce((sum, [low = 0]) => sum + low, 0),
  );
});

test('what is measured and what draws it stand before what is rarely looked at', () => {
  const at = (title: string) => COLUMNS.findIndex((column) => column.title === title);
  for (const title of ['rms', 'initializer', 'gain has', 'gain needs', 'fan-in'])
    assert.ok(at(title) < at('parameters') && at(title) < at('zeros'), title);
});

test('a column that says nothing of any layer is left out', () => {
  const silent = layers.map((layer) => ({ ...layer, measured: {} }));
  const titles = COLUMNS.filter((column) => told(column, silent)).map(({ title }) => title);
  assert.ok(titles.includes('layer') && !titles.includes('rms') && !titles.includes('dead'));
});

test('CSV has the numbers as they are, and beside what was measured the ends of its interval', () => {
  const [head = '', ...lines] = layersCsv(layers).trimEnd().split('\r\n');
  const titles = head.split(',');
  assert.equal(lines.length, layers.length);
  const first = layers[0] ?? assert.fail();
  const cells = new Map(titles.map((title, index) => [title, lines[0]?.split(',')[index]]));
  const { mean, lo, hi } = first.measured.preActivation ?? assert.fail();
  assert.deepEqual(
    ['rms', 'rmsLo', 'rmsHi', 'predicted', 'saturated'].map((title) => cells.get(title)),
    [String(mean), String(lo), String(hi), String(first.predicted.preActivation), ''],
  );
});

test('a cell of what was measured says its interval', () => {
  const first = layers[0] ?? assert.fail();
  const full = (title: string) => COLUMNS.find((column) => column.title === title)?.full?.(first);
  assert.equal(full('rms'), '0.7 [0.636, 0.77] over 5 seeds');
  assert.equal(full('saturated'), '');
  assert.equal(full('initializer'), undefined);
});
