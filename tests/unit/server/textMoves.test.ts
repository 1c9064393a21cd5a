import assert from 'node:assert/strict';
import { test } from 'node:test';
import { property as fc } from '../../support/property.ts';
import { moveBetween, moved, withMove, type Move } from '../../../src/server/textMoves.ts';

test('a range follows its text through edits elsewhere', () => {
  const edit = fc.tuple(fc.nat(60), fc.nat(5), fc.string({ maxLength: 6 }));
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 4 }), { maxLength: 12 }),
      fc.array(edit, { maxLength: 8 }),
      (parts, edits) => {
        let text = `${parts.join('\n')}«layer»${parts.join(' ')}`;
        const start = text.indexOf('«layer»');
        const range = { start, end: start + 7 };
        let moves: readonly Move[] = [];
        for (const [at, length, insert] of edits) {
          const from = at % (text.length + 1);
          const to = Math.min(text.length, from + length);
          const next = text.slice(0, from) + insert + text.slice(to);
          if (!next.includes('«layer»') || insert.includes('«') || insert.includes('»')) continue;
          const move = moveBetween(text, next);
          if (move !== undefined) moves = withMove(moves, move);
          text = next;
        }
        const now = moved(range, moves);
        assert.ok(now);
        assert.ok(
          text.slice(now.start, now.end).includes('«layer»'),
          `${text.slice(now.start, now.end)} in ${text}`,
        );
      },
    ),
  );
});

test('deleted text has no place, replaced text keeps it', () => {
  const range = { start: 4, end: 9 };
  const text = 'abc zeros xyz';
  const after = (next: string): ReturnType<typeof moved> => {
    const move = moveBetween(text, next);
    return moved(range, move === undefined ? [] : [move]);
  };
  assert.deepEqual(after(text), range);
  assert.equal(after('abc  xyz'), undefined);
  assert.deepEqual(after('abc he_normal xyz'), { start: 4, end: 13 });
  assert.deepEqual(after('new abc zeros xyz'), { start: 8, end: 13 });
  assert.deepEqual(after('abc zeros, and xyz'), range);
});

test('typing at one place stays one move', () => {
  let text = 'hello world';
  let moves: readonly Move[] = [];
  for (const letter of ' big') {
    const at = text.indexOf(' world');
    const next = text.slice(0, at) + letter + text.slice(at);
    moves = withMove(moves, moveBetween(text, next)!);
    text = next;
  }
  assert.equal(moves.length, 1);
  assert.deepEqual(moved({ start: 6, end: 11 }, moves), { start: 10, end: 15 });
});
