import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { shownStatus, type ShownStatus } from '../../../src/extension/shownStatus.ts';
import type { FileState } from '../../../src/server/fileState.ts';
import { FileState as State } from '../../../src/server/fileState.ts';
import { statusOf } from '../../../src/server/statusText.ts';
import { fakeModel } from './harness.ts';
import { measuredState, readState } from './measuredState.ts';

const NOW = 1_000_000;
const BAD = fakeModel({ first: 'bad', second: 'bad' });

/** What a person sees of a file, and the command of the link beside it. */
function shown(state: FileState): Omit<ShownStatus, 'command'> & { readonly link: string } {
  const { command, ...rest } = shownStatus(statusOf(state), NOW);
  return { ...rest, link: `${command.title}: ${command.command}` };
}

test('idle: nothing is known yet, or results were cleared', async () => {
  const unread = new State('file:///work/model.json', '/work/model.json', false);
  const inspect = 'Inspect: initscope.inspectModel';
  assert.deepEqual(shown(unread), {
    text: 'Initscope: idle',
    detail: 'Not read yet.',
    severity: 'information',
    busy: false,
    link: inspect,
  });
  const cleared = await measuredState(BAD);
  cleared.clear();
  const { text, detail, link } = shown(cleared);
  assert.deepEqual([text, link], ['Initscope: cleared', inspect]);
  assert.equal(detail, 'Results were cleared. Save or run …', 'as much as the list has room for');
});

test('reading and measuring: seconds elapsed, and a way to stop', async () => {
  const reading = new State('file:///work/model.json', '/work/model.json', false);
  reading.readingSince = NOW - 2_400;
  assert.equal(shown(reading).text, 'Initscope: reading 2 s');
  assert.equal(shown(reading).busy, true);
  const state = await measuredState(BAD);
  state.work = { kind: 'measuring', since: NOW - 61_000, detail: 'seed 2 of 5' };
  assert.deepEqual(shown(state), {
    text: 'Initscope: measuring 61 s',
    detail: 'seed 2 of 5',
    severity: 'information',
    busy: true,
    link: 'Stop: initscope.stopMeasuring',
  });
});

test('predicted, then the verdict with the worst severity, then stale', async () => {
  const read = shown(await readState(BAD));
  assert.deepEqual([read.text, read.busy], ['Initscope: healthy (predicted)', false]);
  const state = await measuredState(BAD);
  assert.deepEqual(shown(state), {
    text: 'Initscope: 2 warnings',
    detail: '2 layers start badly.',
    severity: 'warning',
    busy: false,
    link: 'Open report: initscope.openReport',
  });
  const fine = shown(await measuredState(fakeModel({ first: 'fine' })));
  assert.deepEqual([fine.text, fine.severity], ['Initscope: healthy', 'information']);
  state.edited({ text: `${BAD} `, version: 2, languageId: 'json' });
  const stale = shown(state);
  assert.equal(stale.text, 'Initscope: 2 warnings (stale)');
  assert.match(stale.detail, /^Measured before the last change/);
  assert.equal(stale.link, 'Measure again: initscope.inspectModel');
});

test('failed: in red, with a link to the log; by an edit it is over', async () => {
  const log = 'Show log: initscope.showOutput';
  const state = await readState(BAD);
  state.failure = { file: state.path, severity: 'error', message: 'The worker ended.' };
  assert.deepEqual(shown(state), {
    text: 'Initscope: failed',
    detail: 'The worker ended.',
    severity: 'error',
    busy: false,
    link: log,
  });
  state.edited({ text: `${BAD} `, version: 2, languageId: 'json' });
  assert.equal(shown(state).text, 'Initscope: healthy (predicted)');
  const broken = shown(await readState('{ "model": '));
  assert.deepEqual([broken.text, broken.severity, broken.link], ['Initscope: cannot be read', 'error', log]);
  assert.match(broken.detail, /^this is no JSON/);
});

test('a text that is no model is told so, with a way to ask why', async () => {
  const { text, severity, link } = shown(await readState('{}'));
  assert.deepEqual(
    [text, severity, link],
    ['Initscope: no model', 'information', 'Why?: initscope.whyNothing'],
  );
});

test('what is wrong with a text is said with its place, once, where the text is not in sight', () => {
  const state = new State('file:///work/model.json', '/work/model.json', false);
  const text = '{\n  "model": ';
  const problem = { file: state.path, severity: 'error', message: 'The JSON ends too early.' } as const;
  const read = (more: object) => {
    const document = TextDocument.create(state.uri, 'json', 1, text);
    state.reading = {
      text,
      document,
      content: { models: [], questions: [], problems: [{ ...problem, ...more }] },
    };
    return statusOf(state).detail;
  };
  assert.equal(read({ range: { start: 11, end: 12 } }), 'The JSON ends too early (line 2, column 10).');
  assert.equal(read({}), 'The JSON ends too early.');
  assert.equal(
    read({ message: 'x (line 2) is not known.', range: { start: 4, end: 5 } }),
    'x (line 2) is not known.',
  );
  const cell = { index: 2, startLine: 4, startColumn: 0, endLine: 4, endColumn: 3 };
  assert.equal(read({ range: { start: 11, end: 12 }, cell }), 'The JSON ends too early (cell 3, line 5).');
});

test('a file that was closed is told so, with the way to have it measured', async () => {
  const state = await measuredState(BAD);
  state.open = undefined;
  state.clear();
  assert.equal(statusOf(state).detail, 'Nothing is kept of a closed file. Inspect Model measures it.');
});
