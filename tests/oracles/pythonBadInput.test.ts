import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { ReadResult } from '../../src/model/reader.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { createPythonHost } from '../../src/node/python/host.ts';
import type { Reply, Request } from '../../src/node/python/messages.ts';
import { startProbe } from '../../src/node/python/probe.ts';
import { readModels } from '../../src/readers/formats.ts';
import { BAD_PYTHON, HEAD, NET } from '../support/badPython.ts';
import { testPlan } from '../support/builtSpecs.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('torch');
describe('bad Python files', { skip: python === null ? 'npm run oracles' : false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'initscope-bad-'));
  const host = createPythonHost({
    ...{ probeFolder: inRepo('python'), cwd: folder, interpreter: python ?? '', env: oracleEnv },
    keep: 1,
    silenceMs: 120_000,
  });
  after(async () => {
    await host.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  const read = (text: string, file = 'itself.py'): Promise<ReadResult> => {
    const path = join(folder, file);
    writeFileSync(path, text);
    return readModels({ path, size: text.length, head: new Uint8Array(), text }, nodeFiles, {}, host);
  };

  for (const { name, text, model, said } of BAD_PYTHON)
    it(name, async () => {
      const { models, problems, questions } = await read(text);
      const lines = [...problems, ...(questions ?? [])].map(({ message }) => message);
      if (model === true) assert.ok(models.length >= 1, lines.join('\n'));
      if (model === false) assert.equal(models.length, 0);
      if (said !== undefined) assert.match(lines.join('\n'), said);
      if (models.length === 0) assert.ok(lines.length > 0, 'an answer in words');
      for (const { severity, range, message } of problems)
        if (severity === 'error') assert.ok(range !== undefined, `has a place: ${message}`);
      for (const line of lines) assert.doesNotMatch(line, /Traceback|File "/);
      assert.deepEqual(readdirSync(folder), ['itself.py'], 'nothing is written');
    });

  it('measures random control flow, whatever way each pass takes', async () => {
    const { models } = await read(`${HEAD}import random
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 8)
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        for _ in range(random.randint(0, 3)):
            x = torch.relu(self.a(x) if random.random() < 0.5 else self.b(x))
        return self.out(x)

net = Net()
`);
    const [spec] = models;
    assert.ok(spec !== undefined);
    const seeds = [1, 2, 3, 4];
    const request = { spec, changes: [], plan: testPlan(spec, 16, seeds), seeds };
    const measured = await host.measure(request, new AbortController().signal);
    assert.equal(measured.seeds.length, 4);
    for (const { taps } of measured.seeds) assert.ok(taps.some(({ layer }) => layer === 'out'));
  });

  it('names a file that deletes itself, and leaves it', async () => {
    await read(`${HEAD}import os, shutil\nos.remove(__file__)\nshutil.rmtree('.')\n${NET}\nnet = Net()\n`);
    assert.ok(existsSync(join(folder, 'itself.py')));
  });

  it('ends what hangs, a statement, a trial or a measurement, and goes on', async () => {
    const [statement, trials, pass] = [4, 2.5, 5];
    const ask = async (text: string, ...requests: Request[]): Promise<Reply[]> => {
      const path = join(folder, 'itself.py');
      writeFileSync(path, text);
      const link = { probeFolder: inRepo('python'), interpreter: python ?? '', cwd: folder };
      const probe = startProbe({ ...link, env: oracleEnv, silenceMs: 120_000 });
      const read: Request = { type: 'read', path, root: folder, limits: { statement, trials, pass } };
      const replies: Reply[] = [];
      for (const request of [read, ...requests]) replies.push(await probe.ask(request));
      await probe.kill();
      return replies;
    };
    const hanging = (when: string): string =>
      `${HEAD}import time\n${NET.replace('return', `while ${when}: time.sleep(0.01)\n        return`)}\nnet = Net()\n`;
    const [refused] = await ask(hanging('True'));
    assert.ok(refused?.type === 'models');
    const [problem] = refused.problems;
    assert.match(problem?.message ?? '', /^net could not be run: its forward ran longer than 4 s$/);
    assert.ok(problem?.range !== undefined);

    const waiting = 'def wait():\n    while True:\n        pass\nready = wait()\n';
    const [left] = await ask(`${HEAD}${waiting}${NET}\nnet = Net(ready or 8)\n`);
    assert.ok(left?.type === 'models');
    assert.equal(left.specs.length, 1);
    assert.ok(left.notes.some((note) => /^line \d+ is left out: it ran longer than 4 s$/.test(note)));

    const measure = (batch: number): Request => ({
      type: 'measure',
      model: 'Net',
      seeds: [1],
      batch,
      laws: [],
    });
    const [read, slow, quick] = await ask(hanging('len(x) > 4'), measure(8), measure(4));
    assert.ok(read?.type === 'models' && read.specs.length === 1);
    assert.deepEqual(slow, { type: 'error', id: 0, message: 'it ran longer than 5 s' });
    assert.equal(quick?.type, 'measurement');
  });
});
