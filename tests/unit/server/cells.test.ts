import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { asCellSource } from '../../../src/readers/python/inNotebook.ts';
import { readNotebook } from '../../../src/readers/python/notebook.ts';
import { cellEdits, cellView, notebookOf } from '../../../src/server/cells.ts';
import { FileState } from '../../../src/server/fileState.ts';

const CELLS = [
  { cell_type: 'markdown', source: '# Title' },
  { cell_type: 'code', source: ['import torch\n', 'name = "é\\t"\n', 'first = Linear(3)'] },
  { cell_type: 'code', source: [] },
  { cell_type: 'code', source: 'second = Linear(4)\n' },
];
const URIS = CELLS.map((_, at) => `vscode-notebook-cell:/work/net.ipynb#W${at}`);

function notebook(): { readonly state: FileState; readonly text: string } {
  const text = JSON.stringify({ cells: CELLS, metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1);
  const state = new FileState('file:///work/net.ipynb', '/work/net.ipynb', false);
  const { cells } = readNotebook(text)!;
  const content = { models: [], problems: [], questions: [], cells };
  state.reading = { text, document: TextDocument.create(state.uri, 'json', 0, text), content };
  state.cells = URIS;
  return { state, text };
}

test('a place of the JSON text is found in its cell, and back', () => {
  const { state, text } = notebook();
  const view = cellView(URIS[1]!, state)!;
  const start = text.indexOf('first');
  const range = { start, end: start + 'first = Linear(3)'.length };
  assert.ok(view.holds(range));
  assert.deepEqual(view.rangeOf(range), {
    start: { line: 2, character: 0 },
    end: { line: 2, character: 17 },
  });
  assert.equal(view.offsetAt({ line: 2, character: 0 }), start);
  assert.equal(view.offsetAt({ line: 1, character: 8 }), text.indexOf('é'));
  assert.ok(!cellView(URIS[3]!, state)!.holds(range));
});

test('the cells belong to their notebook, and show nothing once it was edited', () => {
  const { state } = notebook();
  const other = new FileState('file:///work/x.json', '/work/x.json', false);
  assert.equal(notebookOf([other, state], URIS[2]!), state);
  assert.equal(notebookOf([other, state], 'vscode-notebook-cell:/work/other.ipynb#W0'), undefined);
  assert.ok(cellView(URIS[2]!, state));
  state.outdated = true;
  assert.equal(cellView(URIS[2]!, state), undefined);
});

test('edits of the JSON text become edits of cells, in characters as Python has them', () => {
  const { state, text } = notebook();
  const at = text.indexOf('first = Linear(3)') + 'first = Linear(3)'.length;
  const value = text.indexOf('4)');
  const edits = cellEdits(state, [
    { range: { start: at, end: at }, text: asCellSource('\nnn.init.zeros_(first.weight, "é")') },
    { range: { start: value, end: value + 1 }, text: '8' },
  ]);
  assert.deepEqual(edits, [
    {
      textDocument: { uri: URIS[1], version: null },
      edits: [
        {
          range: { start: { line: 2, character: 17 }, end: { line: 2, character: 17 } },
          newText: '\nnn.init.zeros_(first.weight, "é")',
        },
      ],
    },
    {
      textDocument: { uri: URIS[3], version: null },
      edits: [
        {
          range: { start: { line: 0, character: 16 }, end: { line: 0, character: 17 } },
          newText: '8',
        },
      ],
    },
  ]);
  const outside = text.indexOf('nbformat');
  assert.equal(cellEdits(state, [{ range: { start: outside, end: outside }, text: 'x' }]), undefined);
});
