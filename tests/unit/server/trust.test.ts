import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InspectRequest } from '../../../src/inspect/inspector.ts';
import type { InspectAnswer } from '../../../src/protocol/lsp.ts';
import type { EngineChoice } from '../../../src/server/parts.ts';
import { fakeInspector } from '../../support/fakeInspector.ts';
import { fakeModel, startEditor, type Editor } from './harness.ts';

interface Watched {
  readonly editor: Editor;
  readonly requests: InspectRequest[];
  readonly choices: EngineChoice[];
  readonly measured: string[];
}

/** An editor whose engine writes down what it is asked. */
async function watched(trusted: boolean): Promise<Watched> {
  const requests: InspectRequest[] = [];
  const choices: EngineChoice[] = [];
  const measured: string[] = [];
  const fake = fakeInspector();
  const openEngine = (choice: EngineChoice) => {
    choices.push(choice);
    const inspector: typeof fake = {
      ...fake,
      readStatic: (request) => {
        requests.push(request);
        return fake.readStatic(request);
      },
      inspect: (request, signal, onProgress) => {
        requests.push(request);
        measured.push(request.path);
        return fake.inspect(request, signal, onProgress);
      },
    };
    return { inspector, dispose: () => Promise.resolve() };
  };
  const editor = await startEditor({}, { openEngine }, true, { trusted });
  return { editor, requests, choices, measured };
}

for (const trusted of [true, false])
  test(`sources are ${trusted ? '' : 'not '}evaluated in a ${trusted ? 'trusted' : 'restricted'} workspace`, async () => {
    const { editor, requests, choices } = await watched(trusted);
    const uri = 'file:///work/model.js';
    editor.open(uri, fakeModel({ first: 'bad' }));
    await editor.reached(uri, 'verdict');
    assert.ok(requests.length >= 2);
    for (const { options } of requests) assert.equal(options.allowEvaluation ?? true, trusted);
    for (const choice of choices) assert.equal(choice.trusted, trusted);
    editor.dispose();
  });

for (const trusted of [true, false])
  test(`Python runs ${trusted ? 'by Inspect Model alone' : 'never in a restricted workspace'}`, async () => {
    const { editor, measured, choices } = await watched(trusted);
    const uri = 'file:///work/net.py';
    editor.open(uri, 'import torch\n');
    await editor.reached(uri, 'failed');
    editor.edit(uri, 'import torch\n\n');
    editor.save(uri);
    await editor.reached(uri, 'failed');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await editor.connection.sendRequest('initscope/inspectWorkspace', { uris: [uri], shown: [] });
    assert.deepEqual(measured, []);
    const params = { uri, interpreter: '/opt/python' };
    await editor.connection.sendRequest<InspectAnswer>('initscope/inspect', params);
    assert.deepEqual(measured, trusted ? ['/work/net.py'] : []);
    assert.equal(choices.at(-1)?.interpreter, '/opt/python');
    editor.dispose();
  });
