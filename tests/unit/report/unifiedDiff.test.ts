import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, unifiedDiff } from '../../../src/report/unifiedDiff.ts';

const text = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join('');
const at = (needle: string) => ({ start: text.indexOf(needle), end: text.indexOf(needle) + needle.length });

test('far edits make separate hunks with three lines of context and shifted line numbers', () => {
  const edits = [
    { range: at('line 20'), text: 'twenty' },
    { range: at('line 4\n'), text: 'four\nand more\n' },
  ];
  assert.equal(
    unifiedDiff('f.json', text, edits),
    [
      '--- a/f.json',
      '+++ b/f.json',
      '@@ -1,8 +1,9 @@',
      ...[' line 1', ' line 2', ' line 3', '-line 4', '+four', '+and more'],
      ...[' line 5', ' line 6', ' line 7', ' line 8'],
      '@@ -17,7 +18,7 @@',
      ...[' line 17', ' line 18', ' line 19', '-line 20', '+twenty', ' line 21', ' line 22', ' line 23', ''],
    ].join('\n'),
  );
});

test('a file without a final line break says so', () => {
  assert.match(
    unifiedDiff('f', '{"a": 1}', [{ range: { start: 6, end: 7 }, text: '2' }]),
    /-\{"a": 1\}\n\\ No newline at end of file\n\+\{"a": 2\}\n\\ No/,
  );
});

test('no change is no diff, and overlapping edits are refused', () => {
  assert.equal(unifiedDiff('f', text, []), '');
  assert.equal(unifiedDiff('f', text, [{ range: at('line 2\n'), text: 'line 2\n' }]), '');
  assert.throws(
    () =>
      applyEdits('abc', [
        { range: { start: 0, end: 2 }, text: '' },
        { range: { start: 1, end: 3 }, text: '' },
      ]),
    RangeError,
  );
});
