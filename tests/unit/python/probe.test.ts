import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { InputError } from '../../../src/model/problem.ts';
import { createPythonHost } from '../../../src/node/python/host.ts';
import { findInterpreter } from '../../../src/node/python/interpreter.ts';
import { parseReply } from '../../../src/node/python/messages.ts';
import { projectFolder } from '../../../src/node/python/projectFolder.ts';
import { startProbe } from '../../../src/node/python/probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'initscope-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const HELLO = `{"type":"hello","protocol":1,"python":"3.11.7","executable":"/x/python","packages":{"torch":"2.13.0"}}`;

/** An interpreter that runs this script of Node instead: `say(line)` writes, `on(message)` answers. */
function fakeInterpreter(name: string, script: string): string {
  const path = join(folder, name);
  const lines = `require('node:readline').createInterface({ input: process.stdin })`;
  writeFileSync(
    path,
    `#!${process.execPath}\nconst say = (line) => process.stdout.write(line + '\\n');\n` +
      `const on = (answer) => ${lines}.on('line', (line) => answer(JSON.parse(line)));\n${script}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

function start(interpreter: string, silenceMs = 60_000) {
  return startProbe({ interpreter, probeFolder: folder, cwd: folder, env: process.env, silenceMs });
}

const inputError = (text: RegExp) => (error: unknown) =>
  error instanceof InputError && text.test(error.message);

describe('the probe process', { skip: process.platform === 'win32' }, () => {
  it('says hello and answers, whatever banners the interpreter prints', async () => {
    const probe = start(
      fakeInterpreter(
        'banner',
        `say('Welcome to Python!'); say('${HELLO}'); on((m) => say(JSON.stringify({ type: 'error', message: m.type })));`,
      ),
    );
    assert.equal((await probe.hello).packages['torch'], '2.13.0');
    const reply = await probe.ask({ type: 'measure', model: 'a', seeds: [1], batch: 2, laws: [] });
    assert.deepEqual(reply, { type: 'error', message: 'measure' });
    await probe.kill();
    assert.equal(probe.alive(), false);
  });

  it('says in one line that an interpreter is gone, too old, or ends', async () => {
    await assert.rejects(start(join(folder, 'nothing')).hello, inputError(/cannot be started/));
    const old = fakeInterpreter(
      'old',
      `say('{"type":"error","message":"Python 3.6 is too old: 3.9 or newer is needed"}');`,
    );
    await assert.rejects(start(old).hello, inputError(/too old/));
    const dies = fakeInterpreter('dies', `console.error('Segmentation fault'); process.exit(3);`);
    await assert.rejects(start(dies).hello, inputError(/ended with code 3: Segmentation fault/));
    const other = fakeInterpreter('other', `say('{"type":"hello","protocol":99}'); on(() => {});`);
    const probe = start(other);
    await assert.rejects(probe.hello, inputError(/this version/));
    await probe.kill();
  });

  it('is killed when it says nothing', async () => {
    // Its greeting, too, has to come within this time, on a busy machine.
    const probe = start(fakeInterpreter('hangs', `say('${HELLO}'); on(() => {});`), 8000);
    await probe.hello;
    const asked = probe.ask({ type: 'measure', model: 'a', seeds: [1], batch: 2, laws: [] });
    await assert.rejects(asked, inputError(/said nothing/));
    await probe.kill();
  });

  it('is killed when the measurement is cancelled', async () => {
    const probe = start(fakeInterpreter('slow', `say('${HELLO}'); on(() => {});`));
    await probe.hello;
    const stop = new AbortController();
    const asked = probe.ask({ type: 'measure', model: 'a', seeds: [1], batch: 2, laws: [] }, stop.signal);
    setTimeout(() => stop.abort(), 50);
    await assert.rejects(asked, { name: 'AbortError' });
    await probe.kill();
    assert.equal(probe.alive(), false);
  });
});

describe('the Python host', { skip: process.platform === 'win32' }, () => {
  it('names the install command when the framework is missing', async () => {
    const hello = HELLO.replace('"torch":"2.13.0"', '');
    const interpreter = fakeInterpreter('bare', `say('${hello}'); on(() => {});`);
    const host = createPythonHost({ probeFolder: folder, cwd: folder, interpreter });
    await assert.rejects(host.read({ path: 'model.py', text: 'import torch\n' }, {}), (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /no PyTorch in \/x\/python/);
      assert.match(error.problem.hint ?? '', /-m pip install torch/);
      return true;
    });
    await host.dispose();
  });

  it('asks one process for what it has read', async () => {
    const interpreter = fakeInterpreter(
      'models',
      `say('${HELLO}'); on((m) => say(JSON.stringify({ type: 'models', specs: [], problems: [{ file: m.path, message: String(process.pid), severity: 'note' }], questions: [], notes: [] })));`,
    );
    const host = createPythonHost({ probeFolder: folder, cwd: folder, interpreter });
    const first = await host.read({ path: 'model.py', text: 'import torch\n' }, {});
    const second = await host.read({ path: 'model.py', text: 'import torch\n' }, {});
    const edited = await host.read({ path: 'model.py', text: 'import torch\n\n' }, {});
    assert.equal(first.problems[0]?.file, 'model.py');
    assert.equal(first.problems[0]?.message, second.problems[0]?.message);
    assert.notEqual(first.problems[0]?.message, edited.problems[0]?.message);
    await host.dispose();
  });
});

describe('the interpreter', () => {
  it('is the one asked for, then the active environment, then .venv', () => {
    assert.equal(findInterpreter('/a/b.py', '/p/python', {}).path, '/p/python');
    const bin = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
    const name = join(folder, 'project', '.venv', ...bin);
    assert.equal(existsSync(name), false);
    assert.match(findInterpreter(join(folder, 'project', 'm.py'), undefined, {}).from, /PATH/);
  });
});

describe('the project of a file', () => {
  it('is the nearest folder upwards that is marked as one, else its own', () => {
    const inner = join(folder, 'repo', 'package', 'models');
    mkdirSync(inner, { recursive: true });
    assert.equal(projectFolder(join(inner, 'net.py')), inner);
    writeFileSync(join(folder, 'repo', 'setup.py'), '');
    assert.equal(projectFolder(join(inner, 'net.py')), join(folder, 'repo'));
  });
});

describe('messages', () => {
  it('carry non-finite numbers as marks', () => {
    const reply = parseReply('{"type":"error","message":"#NaN"}');
    assert.ok(reply?.type === 'error' && Number.isNaN(reply.message as unknown as number));
    assert.equal(parseReply('Welcome'), undefined);
    assert.equal(parseReply('[1]'), undefined);
  });
});
