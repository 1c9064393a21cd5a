import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openBackend } from '../../src/engine/backends.ts';
import { measureSeeds } from '../../src/engine/measureSeeds.ts';
import { testPlan } from '../support/builtSpecs.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';
import { type BenchNet, NETS } from './nets.ts';

/** Seconds of PyTorch as `torch_hooks.py` prints them. */
interface TorchTimes {
  readonly cold: number;
  readonly first: number;
  readonly warm: number;
  readonly bare: number;
  readonly torch: string;
}

interface Row {
  readonly net: string;
  readonly batch: number;
  readonly engineFirst: number;
  readonly engineWarm: number;
  readonly torch: TorchTimes;
}

const REPEAT = 5;

async function torchTimes(python: string, net: BenchNet): Promise<TorchTimes> {
  const script = inRepo('tests', 'bench', 'torch_hooks.py');
  const { stdout } = await promisify(execFile)(
    python,
    [script, net.name, '--threads', '1', '--repeat', String(REPEAT)],
    {
      env: oracleEnv,
    },
  );
  return JSON.parse(stdout) as TorchTimes;
}

async function row(python: string, net: BenchNet): Promise<Row> {
  const backend = await openBackend('wasm');
  const spec = net.spec();
  const seconds: number[] = [];
  for (let seed = 1; seed <= REPEAT + 1; seed++) {
    const start = performance.now();
    await measureSeeds(
      { spec, changes: [], plan: testPlan(spec, net.batch, [seed]), seeds: [seed] },
      { backend },
    );
    seconds.push((performance.now() - start) / 1000);
  }
  return {
    net: net.name,
    batch: net.batch,
    engineFirst: seconds[0] ?? NaN,
    engineWarm: Math.min(...seconds.slice(1)),
    torch: await torchTimes(python, net),
  };
}

/**
 * Forward + backward with statistics: our engine (wasm, one thread, draws included) against PyTorch with hooks (one thread). The ratios are
 * of one run: first pass to first pass (import and start-up left out), fastest to fastest, and PyTorch's own cost of hooks.
 */
export async function printTorchRows(json: boolean): Promise<void> {
  const python = oraclePython('torch');
  if (python === null) {
    console.error('No PyTorch to compare with: npm run oracles');
    return;
  }
  const rows: Row[] = [];
  for (const net of NETS) {
    rows.push(await row(python, net));
    const last = rows.at(-1)!;
    if (json) continue;
    const { torch } = last;
    const shown = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`;
    console.log(
      `${last.net.padEnd(9)} batch ${String(last.batch).padEnd(3)} engine first ${shown(last.engineFirst)}, warm ${shown(last.engineWarm)}` +
        ` · PyTorch ${torch.torch} with hooks first ${shown(torch.first)}, warm ${shown(torch.warm)}, bare ${shown(torch.bare)}, process start to end ${shown(torch.cold)}` +
        ` · warm ratio ${(last.engineWarm / torch.warm).toFixed(2)}, to bare ${(last.engineWarm / torch.bare).toFixed(2)}, hooks ${(torch.warm / torch.bare).toFixed(2)}`,
    );
  }
  if (json) console.log(JSON.stringify({ torch: rows }, null, 2));
}
