import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createInspector, type Inspector, type InspectRequest } from '../../src/inspect/inspector.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import type { PythonHost } from '../../src/model/pythonHost.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { createPythonHost } from '../../src/node/python/host.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('torch');
const NET = `import torch
from torch import nn

net = nn.Sequential(
    nn.Linear(12, 32), nn.ReLU(),
    *[m for _ in range(8) for m in (nn.Linear(32, 32), nn.ReLU())],
    nn.Linear(32, 5),
)
loss = nn.CrossEntropyLoss()
`;

describe(
  'compare, probe and list for Python files',
  { skip: python === null ? 'npm run oracles' : false },
  () => {
    let host: PythonHost;
    let inspector: Inspector;
    const request: InspectRequest = {
      path: inRepo('tests', 'oracles', 'python', 'deep.py'),
      text: NET,
      options: {},
      config: DEFAULT_PROJECT_CONFIG,
      seeds: 3,
      batch: 32,
    };
    before(() => {
      host = createPythonHost({
        probeFolder: inRepo('python'),
        cwd: inRepo('tests', 'oracles', 'python'),
        interpreter: python ?? '',
        env: oracleEnv,
      });
      inspector = createInspector({
        measurer: { measure: () => Promise.reject(new Error('not ours')) },
        files: nodeFiles,
        ...{ version: '0', machine: 'test', backends: ['cpu'], now: () => 0, python: host },
      });
    });
    after(() => host.dispose());

    it('lists what a file builds only when it may run', async () => {
      const silent = await inspector.readStatic(request);
      assert.equal(silent.models.length, 0);
      assert.equal(silent.findings?.[0]?.rule, 'initializer-mismatch');
      const { models } = await inspector.readStatic(request, true);
      assert.equal(models[0]?.spec.parameters.total, 12 * 32 + 32 + 8 * (32 * 32 + 32) + 32 * 5 + 5);
    });

    it('ranks starting points as measured in the interpreter', async () => {
      const { comparisons, errors } = await inspector.compare(request, new AbortController().signal);
      assert.deepEqual(errors, []);
      const ids = comparisons[0]!.starts.map(({ id }) => id);
      assert.ok(ids.indexOf('he-normal') < ids.indexOf('file'), ids.join());
    });

    it('trains there, the same numbers each time', async () => {
      const choices = { steps: 20, seeds: 2, starts: ['he-normal'] };
      const signal = new AbortController().signal;
      const first = await inspector.probe(request, choices, signal);
      assert.deepEqual(first.errors, []);
      const [probe] = first.probes;
      assert.equal(probe?.starts.length, 6);
      const adam = probe.starts.find(({ id, optimizer }) => id === 'he-normal' && optimizer === 'adam')!;
      const losses = adam.result.runs[0]!.losses;
      assert.equal(losses.length, 20);
      assert.ok(losses.at(-1)! < 0.9 * losses[0]!, `${losses[0]} to ${losses.at(-1)}`);
      assert.ok(Math.abs(adam.result.uninformed - Math.log(5)) < 0.35);
      const again = await inspector.probe(request, choices, signal);
      assert.deepEqual(again.probes[0]?.starts, probe.starts);
    });

    it('tells the sizes of activations and updates over the width, found by its name', async () => {
      const text = NET.replace('net = ', 'hidden = 32\nnet = ').replaceAll(/32(?=[),])/g, 'hidden');
      const choices = { factors: [1, 2], steps: 1, optimizer: 'sgd' as const, rate: 1e-4, seeds: 4 };
      const signal = new AbortController().signal;
      const { scans, errors } = await inspector.scan({ ...request, text }, choices, signal);
      assert.deepEqual(errors, []);
      const [scan] = scans;
      assert.equal(scan?.parameter, 'hidden');
      assert.deepEqual(scan.widths, ['32', '64']);
      const { activation, update } = scan.tensors[0]!;
      assert.ok(Math.abs(activation.exponent.mean) < 0.1, String(activation.exponent.mean));
      assert.ok(update.values.every((value) => value > 0));
      const twice = await inspector.scan({ ...request, text }, choices, signal);
      assert.deepEqual(twice.errors, []);
      assert.deepEqual(twice.scans[0]?.tensors, scan.tensors);
      const wrong = await inspector.scan({ ...request, text }, { ...choices, parameter: ['width'] }, signal);
      assert.match(wrong.errors[0]?.message ?? '', /no whole number under the name width/);
    });
  },
);
