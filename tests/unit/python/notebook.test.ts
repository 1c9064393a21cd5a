import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contentHash } from '../../../src/model/hash.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import { withoutMagics } from '../../../src/readers/python/magics.ts';
import { readNotebook } from '../../../src/readers/python/notebook.ts';
import { readPython } from '../../../src/readers/python/read.ts';
import { editPython } from '../../../src/readers/python/edit.ts';
import type { PythonHost, PythonReading } from '../../../src/model/pythonHost.ts';
import { specWith } from './specWith.ts';

const notebookOf = (cells: readonly unknown[]): string => JSON.stringify({ cells, nbformat: 4 }, null, 1);
const codeCell = (source: string | readonly string[]) => ({ cell_type: 'code', source });

describe('magics', () => {
  it('are blanks of the same length, where a statement begins', () => {
    const cases: readonly [string, string][] = [
      ['!pip install \\\n  torch\nimport torch\n', '              \n       \nimport torch\n'],
      ['%matplotlib inline\nx = 1', '                  \nx = 1'],
      ['files = !ls -l\n', "files = ''    \n"],
      ['x = (a\n  % b)\n', 'x = (a\n  % b)\n'],
      ['t = """\n%s\n!x\n"""\n%time', 't = """\n%s\n!x\n"""\n     '],
      ['nn.Linear?\n', '          \n'],
      ['%%time\nnet = Net()\n', '      \nnet = Net()\n'],
      ['%%bash\nls é\n', '      \n    \n'],
      ["x = 'it''s' # don't (\n!ls\n", "x = 'it''s' # don't (\n   \n"],
    ];
    for (const [cell, wanted] of cases) assert.equal(withoutMagics(cell), wanted);
  });
});

describe('notebooks', () => {
  const text = notebookOf([
    { cell_type: 'markdown', source: ['# x'] },
    codeCell(['!pip install torch\n', 'import torch\n']),
    codeCell('a = "é\t\\"😀"\nb = 2'),
  ]);

  it('give their code cells in order', () => {
    const notebook = readNotebook(text);
    assert.equal(notebook?.code, '                  \nimport torch\n\na = "é\t\\"😀"\nb = 2\n');
    assert.deepEqual(notebook.cellLines, [1, 4]);
    assert.equal(readNotebook('{"cells": 3}'), undefined);
    assert.equal(readNotebook('no'), undefined);
  });

  it('say where every place of the code stands, in the document and in its cell', () => {
    const notebook = readNotebook(text)!;
    const placeOf = (part: string) => {
      const start = notebook.code.indexOf(part);
      const range = { start, end: start + part.length };
      const { start: from, end: to } = notebook.toDocument(range);
      return { shown: text.slice(from, to), cell: notebook.toCell(range) };
    };
    assert.deepEqual(placeOf('import torch'), {
      shown: 'import torch',
      cell: { index: 1, startLine: 1, startColumn: 0, endLine: 1, endColumn: 12 },
    });
    assert.equal(placeOf('"é\t\\"😀"').shown, '\\"é\\t\\\\\\"😀\\"');
    assert.deepEqual(placeOf('b = 2'), {
      shown: 'b = 2',
      cell: { index: 2, startLine: 1, startColumn: 0, endLine: 1, endColumn: 5 },
    });
  });

  it('are read, placed and edited in the document', async () => {
    const source = ['import torch.nn as nn\n', 'net = nn.Sequential(\n', '  nn.Linear(2, 2))\n'];
    const document = notebookOf([codeCell(['x = 1']), codeCell(source)]);
    const code = readNotebook(document)!.code;
    const at = code.indexOf('nn.Linear(2, 2)');
    const end = code.indexOf('\n', at);
    const host: PythonHost = {
      read: (asked) => {
        assert.equal(asked.text, code);
        assert.deepEqual(asked.cellLines, [1, 2]);
        const spec = specWith(
          'n.ipynb',
          asked.contentHash ?? '',
          { start: at, end: at + 15 },
          {
            mode: 'insert',
            at: end,
            indent: '\n',
            target: 'net[0].weight',
            nn: 'nn',
          },
        );
        const reading: PythonReading = {
          ...{ specs: [spec], keras: [], problems: [], questions: [], notes: [] },
          ...{ contentHash: asked.contentHash ?? '', interpreter: 'x' },
        };
        return Promise.resolve(reading);
      },
      measure: () => Promise.reject(new Error('not here')),
      probe: () => Promise.reject(new Error('not here')),
      coordinates: () => Promise.reject(new Error('not here')),
      dispose: () => Promise.resolve(),
    };
    const file = { path: 'n.ipynb', size: document.length, head: new Uint8Array(), text: document };
    const { models } = await readPython(file, nodeFiles, {}, host);
    const [origin] = models[0]!.layers[0]!.origins;
    assert.equal(document.slice(origin!.range.start, origin!.range.end), 'nn.Linear(2, 2)');
    assert.deepEqual(origin!.cell, { index: 1, startLine: 2, startColumn: 2, endLine: 2, endColumn: 17 });
    assert.equal(models[0]!.contentHash, contentHash(document));
    const zeros = { id: 'zeros', params: {}, seed: null, written: '' };
    const result = editPython(document, models[0]!, [
      { layers: ['fc'], weight: 'kernel', initializer: zeros },
    ]);
    assert.ok(result.ok, result.ok ? '' : result.refusal.reason);
    const [edit] = result.edits[0]!.edits;
    const edited = document.slice(0, edit!.range.start) + edit!.text + document.slice(edit!.range.end);
    assert.equal(
      readNotebook(edited)?.code.split('\n').slice(3, 5).join('\n'),
      '  nn.Linear(2, 2))\nnn.init.zeros_(net[0].weight)',
    );
  });
});
