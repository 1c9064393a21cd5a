import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Uri } from 'vscode';
import { chosenInterpreter, type Extensions } from '../../../src/extension/pythonEnvironments.ts';

const file = { path: '/project/net.py', fsPath: '/project/net.py' } as Uri;
const installed =
  (apis: Readonly<Record<string, unknown>>): Extensions =>
  (id) =>
    Object.hasOwn(apis, id)
      ? {
          activate: () => (apis[id] instanceof Error ? Promise.reject(apis[id]) : Promise.resolve(apis[id])),
        }
      : undefined;
const environments = (executable?: string) => ({
  getEnvironment: (scope: Uri) =>
    Promise.resolve(
      scope === file && executable !== undefined ? { execInfo: { run: { executable } } } : undefined,
    ),
});
const python = {
  environments: {
    getActiveEnvironmentPath: (scope: Uri) => ({ path: scope.fsPath }),
    resolveEnvironment: ({ path }: { path: string }) =>
      Promise.resolve({ executable: { uri: { fsPath: `${path}/venv/bin/python` } } }),
  },
};

describe('the interpreter that VS Code names', () => {
  const [envs, old] = ['ms-python.vscode-python-envs', 'ms-python.python'];

  it('is the one of Python Environments for this file, else that of the Python extension', async () => {
    const both = installed({ [envs]: environments('/envs/python'), [old]: python });
    assert.equal(await chosenInterpreter(both, file), '/envs/python');
    const none = installed({ [envs]: environments(), [old]: python });
    assert.equal(await chosenInterpreter(none, file), '/project/net.py/venv/bin/python');
    assert.equal(
      await chosenInterpreter(installed({ [old]: python }), file),
      '/project/net.py/venv/bin/python',
    );
  });

  it('is none where no extension is there, or what is there does not answer', async () => {
    assert.equal(await chosenInterpreter(installed({}), file), undefined);
    const broken = installed({ [envs]: new Error('not activated'), [old]: {} });
    assert.equal(await chosenInterpreter(broken, file), undefined);
    const half = installed({ [envs]: new Error('not activated'), [old]: python });
    assert.equal(await chosenInterpreter(half, file), '/project/net.py/venv/bin/python');
  });
});
