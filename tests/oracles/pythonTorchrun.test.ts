import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, describe, it } from 'node:test';
import type { Measurement } from '../../src/model/measurement.ts';
import type { MeasureRequest } from '../../src/model/measurer.ts';
import { InputError } from '../../src/model/problem.ts';
import type { PythonHost } from '../../src/model/pythonHost.ts';
import type { ProbeRequest } from '../../src/model/probe.ts';
import type { CoordinateRequest } from '../../src/model/scan.ts';
import { createPythonHost } from '../../src/node/python/host.ts';
import { LACKING, LAUNCHER } from '../support/fakeTorch.ts';
import { inFolder } from '../support/folder.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { ownMemory } from '../support/ownMemory.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('torch');
const signal = new AbortController().signal;
const BLOCK = `import os
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        return x + self.down(torch.relu(self.up(self.norm(x))))

`;
/** Tied weights, custom initialization in two passes, an own parameter, a scalar and an orthogonal matrix. */
const NET = `${BLOCK}
class Net(nn.Module):
    def __init__(self, words=700, width=64, depth=3):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.blocks = nn.ModuleList([Block(width) for _ in range(depth)])
        self.mix = nn.Linear(2 * width, 2 * width)
        self.gain = nn.Parameter(torch.ones(width))
        self.scale = nn.Parameter(torch.tensor(0.5))
        self.head = nn.Linear(width, words, bias=False)
        self.head.weight = self.embed.weight
        self.apply(self.draw)
        for name, parameter in self.named_parameters():
            if name.endswith("down.weight"):
                nn.init.normal_(parameter, std=0.02 / (2 * depth) ** 0.5)
        nn.init.orthogonal_(self.mix.weight)
        with torch.no_grad():
            self.embed.weight[0].zero_()

    def draw(self, module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.02)

    def forward(self, ids):
        x = self.embed(ids) * self.scale
        for block in self.blocks:
            x = block(x)
        x = self.mix(torch.cat([x, x], -1))[..., : x.shape[-1]]
        return self.head(x * self.gain)


net = Net()
`;
const SMALL = 'import torch\nnet = torch.nn.Linear(8, 8)\n';
/** 16.8 million parameters, none of which is much of them. */
const LARGE = `import torch
from torch import nn

net = nn.Sequential(*[nn.Linear(1024, 1024) for _ in range(16)])
`;
const ONLY_ON_RANK_1 = (what: string) => `${BLOCK}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(*[Block(64) for _ in range(2)])

    def forward(self, x):
        if os.environ.get("RANK") == "1":
            ${what}
        return self.body(x)


net = Net()
`;

/** Ranks of this machine that still run. */
const ranksLeft = () =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('initscope_probe.ranks'));

const hosts: PythonHost[] = [];
const hostOf = (more: Partial<Parameters<typeof createPythonHost>[0]>): PythonHost => {
  const host = createPythonHost({
    ...{ probeFolder: inRepo('python'), cwd: inRepo('tests', 'oracles', 'python') },
    ...{ interpreter: python ?? '', env: oracleEnv, ...more },
  });
  hosts.push(host);
  return host;
};
const read = (host: PythonHost, text: string, inputShapes = {}) =>
  host.read({ path: inRepo('tests', 'oracles', 'python', 'spread.py'), text }, { inputShapes });
const shapeOf = { '': [64] };

describe(
  'A model over the ranks of torchrun',
  { skip: python === null ? 'npm run oracles' : process.platform === 'win32' ? 'torchrun on Unix' : false },
  () => {
    after(async () => {
      await Promise.all(hosts.map((host) => host.dispose()));
      for (let tries = 0; tries < 60 && ranksLeft().length > 0; tries++)
        await new Promise((resolve) => setTimeout(resolve, 500));
      assert.deepEqual(ranksLeft(), []);
    });

    // First, since what other hosts hold would be measured with it.
    it(
      'takes less memory in each rank than in one process',
      { skip: process.platform === 'linux' ? false : 'memory as Linux tells it' },
      async (test) => {
        /** What a process grows by that has measured a small model. */
        const grown = async (more: { ranks?: number }): Promise<number> => {
          const held: number[] = [];
          const host = hostOf(more);
          for (const [text, shape] of [
            [SMALL, [8]],
            [LARGE, [1024]],
          ] as const) {
            const [spec] = (await read(host, text, { '': shape })).specs;
            const request = { spec, changes: [], seeds: [1], plan: { batch: 8 } };
            await host.measure(request as unknown as MeasureRequest, signal);
            held.push(ownMemory());
          }
          await host.dispose();
          return (held[1] ?? NaN) - (held[0] ?? NaN);
        };
        const [one, each] = [await grown({}), await grown({ ranks: 2 })];
        test.diagnostic(`one process ${one.toFixed(0)} MiB, each of two ranks ${each.toFixed(0)} MiB`);
        assert.ok(each < 0.8 * one, `${each} of ${one} MiB`);
      },
    );

    const two = hostOf({ ranks: 2 });

    it('has the spec and the numbers of one process', async () => {
      const one = hostOf({});
      const [own, spread] = [await read(one, NET), await read(two, NET)];
      assert.deepEqual(spread.specs, own.specs);
      assert.deepEqual(own.problems, []);
      const [spec] = own.specs;
      assert.ok(spec);
      const measured = async (host: PythonHost, changes: MeasureRequest['changes']): Promise<Measurement> => {
        const request = { spec, changes, seeds: [1, 2], plan: { batch: 8 } };
        return host.measure(request as unknown as MeasureRequest, signal);
      };
      const dense = { id: 'heNormal', params: {}, seed: null, written: 'heNormal' } as const;
      const changed = [{ layers: ['blocks.0.up', 'mix'], weight: 'kernel', initializer: dense }];
      for (const changes of [[], changed] as unknown as MeasureRequest['changes'][]) {
        const { engine, ...numbers } = await measured(two, changes);
        const { engine: _engine, ...wanted } = await measured(one, changes);
        assert.match(engine.kernels, /FSDP2 over 2 ranks/);
        assert.ok(wanted.seeds[0]?.weights.some(({ gradient }) => (gradient?.rms ?? 0) > 0));
        assert.deepEqual(numbers, wanted);
      }
      const training = {
        spec,
        changes: [],
        plan: { batch: 8 },
        seeds: [1],
        rates: [0.1],
        rate: 0.1,
        steps: 1,
      };
      const alone = /Net could not be trained: trainings run in one process: leave --executor torchrun out/;
      await assert.rejects(two.probe(training as unknown as ProbeRequest, signal), alone);
      await assert.rejects(two.coordinates(training as unknown as CoordinateRequest, signal), alone);
    });

    it('ends in one line when a rank dies', async () => {
      const host = hostOf({ ranks: 2 });
      await assert.rejects(
        read(host, ONLY_ON_RANK_1('import ctypes; ctypes.string_at(0)'), shapeOf),
        (error) =>
          error instanceof InputError &&
          /Rank 1 of torchrun was ended by signal 11, and the others with it\.$/.test(error.message),
      );
    });

    it('ends in one line when a rank fails alone or hangs', async () => {
      const failing = read(hostOf({ ranks: 2 }), ONLY_ON_RANK_1('raise ValueError("alone")'), shapeOf);
      const waiting = ONLY_ON_RANK_1('__import__("threading").Event().wait()');
      const hanging = read(hostOf({ ranks: 2, silenceMs: 20_000 }), waiting, shapeOf);
      await Promise.all([
        assert.rejects(failing, /Rank 1 of torchrun ended with code 1, and the others with it\.$/),
        assert.rejects(hanging, /The Python process said nothing for 20 s and was ended\./),
      ]);
    });

    it('says in one line what is not installed', async () => {
      const bare = hostOf({ ranks: 2, interpreter: 'python3' });
      const missing = read(bare, 'import torch\n');
      await assert.rejects(missing, /There is no PyTorch in .*; install it: .* -m pip install torch/);
      for (const [files, said] of LACKING)
        await inFolder({ ...LAUNCHER, ...files }, async (folder) => {
          const host = hostOf({
            ranks: 2,
            interpreter: 'python3',
            env: { ...oracleEnv, PYTHONPATH: folder },
          });
          await assert.rejects(read(host, 'import torch\n'), said);
        });
    });

    it('says in one line that Keras models stay in one process', async () => {
      const text = 'import keras\nmodel = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])\n';
      const { problems } = await read(two, text);
      assert.deepEqual(
        problems.map(({ message }) => message),
        ['model could not be built: only PyTorch models are spread over torchrun: leave --executor out'],
      );
    });
  },
);
