import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Crashes } from '../../../src/extension/crashes.ts';
import { WAITING, type ModelStatus } from '../../../src/protocol/status.ts';

function status(uri: string, state: ModelStatus['state'], detail = ''): ModelStatus {
  const busy = state === 'measuring' || state === 'reading';
  return { uri, state, text: state, detail, ...(busy ? { since: 1 } : {}) };
}

test('the fifth end within three minutes is the last; a person who restarts begins a new series', () => {
  const crashes = new Crashes();
  for (let end = 0; end < 4; end++) assert.equal(crashes.ended(end * 1000, []), undefined);
  assert.match(crashes.ended(5000, []) ?? '', /^The server ended 5 times within three minutes/);
  crashes.forget();
  assert.equal(crashes.ended(6000, []), undefined);
});

test('ends that are far apart are no series', () => {
  const crashes = new Crashes();
  for (let end = 0; end < 12; end++) assert.equal(crashes.ended(end * 60_000, []), undefined);
});

test('a file is left alone when the server ended twice while it was measured, not those that waited or were read beside it', () => {
  const crashes = new Crashes();
  const known = [
    status('a', 'measuring'),
    status('b', 'measuring', WAITING),
    status('c', 'reading'),
    status('d', 'verdict'),
  ];
  crashes.ended(0, known);
  assert.deepEqual(crashes.leaveAlone, []);
  crashes.ended(1, known);
  assert.deepEqual(crashes.leaveAlone, ['a']);
  crashes.forget();
  assert.deepEqual(crashes.leaveAlone, []);
});

test('where nothing is measured, what was read or waited is left alone', () => {
  const crashes = new Crashes();
  for (const now of [0, 1]) crashes.ended(now, [status('c', 'reading'), status('d', 'stale')]);
  assert.deepEqual(crashes.leaveAlone, ['c']);
});
