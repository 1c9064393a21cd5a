import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { createInspector, type Inspector } from '../../src/inspect/inspector.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import type { PythonHost } from '../../src/model/pythonHost.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { createPythonHost } from '../../src/node/python/host.ts';
import { type RayCluster, startRay } from '../../src/node/python/ray.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('scale');
const signal = new AbortController().signal;
const NET = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        sizes = [12] + [hidden] * 3
        self.body = nn.Sequential(*[m for size in sizes for m in (nn.Linear(size, hidden), nn.ReLU())])
        self.head = nn.Linear(hidden, 5)

    def forward(self, x):
        return self.head(self.body(x))


net = Net()
`;

/** Processes of Ray of this machine, by their ids and command lines. */
function rayProcesses(): ReadonlyMap<string, string> {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  const lines = all.split('\n').filter((line) => /\/raylet |gcs_server|ray::|ray_driver/.test(line));
  return new Map(lines.map((line) => [line.trim().split(' ')[0] ?? '', line]));
}

/** Where the head of the one cluster listens that was started here. */
function headAddress(others: ReadonlyMap<string, string>): string {
  const own = [...rayProcesses()].filter(([id]) => !others.has(id)).map(([, line]) => line);
  const address = /--gcs-address=([\d.]+:\d+)/.exec(own.join('\n'))?.[1];
  assert.ok(address, own.join('\n'));
  return address;
}

/** Waits until no process of Ray is left but those, which are somebody else's; a minute at most. */
async function noneBut(others: ReadonlyMap<string, string>): Promise<void> {
  const left = () => [...rayProcesses()].filter(([id]) => !others.has(id));
  for (let tries = 0; tries < 120 && left().length > 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(left(), []);
}

const request = (path: string) => ({
  path: inRepo('tests', 'oracles', 'python', path),
  text: NET,
  options: {},
  config: DEFAULT_PROJECT_CONFIG,
  ...{ seeds: 4, batch: 16 },
});

describe(
  'Python files over Ray',
  { skip: python === null ? 'npm run oracles' : process.platform === 'win32' ? 'Ray on Unix' : false },
  () => {
    let cluster: RayCluster;
    const hosts: PythonHost[] = [];
    const others = rayProcesses();
    const inspectorOn = (ray?: RayCluster): Inspector => {
      const host = createPythonHost({
        ...{ probeFolder: inRepo('python'), cwd: inRepo('tests', 'oracles', 'python') },
        ...{ interpreter: python ?? '', env: oracleEnv },
        ...(ray === undefined ? {} : { ray }),
      });
      hosts.push(host);
      return createInspector({
        measurer: { measure: () => Promise.reject(new Error('not ours')) },
        files: nodeFiles,
        ...{ version: '0', machine: 'test', backends: ['cpu'], now: () => 0, python: host },
      });
    };
    before(async () => {
      const probeFolder = inRepo('python');
      cluster = await startRay({
        interpreter: python ?? '',
        probeFolder,
        workers: 2,
        env: oracleEnv,
        signal,
      });
    });
    after(async () => {
      await Promise.all(hosts.map((host) => host.dispose()));
      await noneBut(others);
    });

    it('give the numbers of one process: seeds, initializers, widths, trainings and files', async (test) => {
      assert.equal(cluster.slots, 2);
      const [one, two] = [inspectorOn(), inspectorOn(cluster)];
      const all = async (inspector: Inspector) => {
        const started = performance.now();
        const results = await Promise.all([
          inspector.inspect(request('first.py'), signal),
          inspector.inspect(request('second.py'), signal),
        ]);
        const compared = await inspector.compare(request('first.py'), signal);
        const choices = { factors: [1, 2], steps: 1, seeds: 2 };
        const scanned = await inspector.scan(request('first.py'), choices, signal);
        const training = { steps: 20, seeds: 2, starts: ['he-normal'] };
        const probed = await inspector.probe(request('first.py'), training, signal);
        return { results, compared, scanned, probed, seconds: (performance.now() - started) / 1000 };
      };
      const own = await all(one);
      const spread = await all(two);
      test.diagnostic(
        `one process ${own.seconds.toFixed(1)} s, two Ray workers ${spread.seconds.toFixed(1)} s`,
      );
      assert.equal(own.results[0]?.reports.length, 1);
      assert.equal(own.scanned.scans.length, 1);
      assert.equal(own.probed.probes[0]?.starts.length, 6);
      assert.ok((own.compared.comparisons[0]?.starts.length ?? 0) > 5);
      const { seconds: _own, ...first } = own;
      const { seconds: _spread, ...second } = spread;
      assert.deepEqual(second, first);
    });

    it('run on a cluster that is named by its address, which stays when they have left', async () => {
      const named = await startRay({
        ...{ interpreter: python ?? '', probeFolder: inRepo('python'), signal },
        // Ray keeps a token for the clusters of its machine, and takes it when it is told to.
        env: { ...oracleEnv, RAY_AUTH_MODE: 'token' },
        ...{ address: headAddress(others), workers: 1 },
      });
      assert.match(named.about, /^Ray .* \([\d.]+:\d+, 1 nodes?\): 1 workers?$/);
      const [own, there] = [inspectorOn(), inspectorOn(named)];
      const [first, second] = [
        await own.inspect(request('named.py'), signal),
        await there.inspect(request('named.py'), signal),
      ];
      assert.equal(first.reports.length, 1);
      assert.deepEqual(second, first);
      await named.close();
      const { reports } = await inspectorOn(cluster).inspect(request('after.py'), signal);
      assert.equal(reports.length, 1);
    });

    it('stop when they are cancelled, and go on afterwards', async () => {
      const inspector = inspectorOn(cluster);
      const stop = new AbortController();
      const inspected = inspector.inspect(
        { ...request('third.py'), seeds: 400 },
        stop.signal,
        ({ phase }) => {
          if (phase === 'measure') stop.abort();
        },
      );
      await assert.rejects(inspected, { name: 'AbortError' });
      const { reports, errors } = await inspector.inspect(request('third.py'), signal);
      assert.deepEqual(errors, []);
      assert.equal(reports.length, 1);
    });

    it('leave no process when whoever asked is killed', async () => {
      const before = rayProcesses();
      const code =
        'import sys; sys.path.insert(0, sys.argv.pop(1)); from initscope_probe.ray_driver import main; main()';
      const args = ['-c', code, inRepo('python'), '', '1', `/tmp/initscope-ray-${process.pid}`];
      const child = spawn(python ?? '', args, {
        env: oracleEnv,
        stdio: ['pipe', 'pipe', 'ignore'],
        detached: true,
      });
      await once(child.stdout, 'data');
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await noneBut(before);
    });

    it('say in one line what is missing', async () => {
      const torch = oraclePython('torch') ?? '';
      const start = (more: { interpreter: string; address?: string }) =>
        startRay({ probeFolder: inRepo('python'), env: oracleEnv, signal, ...more });
      await assert.rejects(
        start({ interpreter: torch }),
        /There is no Ray in .*python; install it: .*pip install ray/,
      );
      await assert.rejects(start({ interpreter: '/nowhere/python' }), /cannot be started/);
      const nobody = start({ interpreter: python ?? '', address: '127.0.0.1:1' });
      await assert.rejects(
        nobody,
        /^InputError: Ray could not be reached at 127\.0\.0\.1:1: Connection refused$/,
      );
    });
  },
);
