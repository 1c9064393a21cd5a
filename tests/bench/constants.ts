import * as tf from '@tensorflow/tfjs-core';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import { sampleWork } from '../../src/inspect/workSize.ts';
import { hasNativeBackend, loadTensorflow } from '../../src/node/nativeBackend.ts';
import { inRepo } from '../support/root.ts';
import { runner } from './engineRun.ts';
import { table } from './engineTables.ts';
import { type BenchNet, NETS } from './nets.ts';
import { median } from './paired.ts';

/** What the plan counts with for a backend (src/inspect/plan.ts), as it is here: one thread, processor time. */
export interface ConstantsRow {
  readonly backend: string;
  readonly perSecond: number;
  readonly perValue: number;
  readonly startup: number;
  /** Measured over counted seconds of each network. */
  readonly off: Readonly<Record<string, number>>;
}

/** Batches that a backend can run in seconds. */
const BATCHES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  wasm: { mlp: 64, lenet: 64, mobilenetV2: 8, transformer: 8 },
  tensorflow: { mlp: 64, lenet: 64, mobilenetV2: 8, transformer: 8 },
  cpu: { mlp: 4, lenet: 2 },
};

/** Seconds of the processor, all threads of this process. */
function seconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function passSeconds(
  backend: EngineBackend,
  net: BenchNet,
): Promise<{ first: number; steady: number }> {
  const ours = await runner(backend, net);
  const first = seconds(() => void ours.tapped());
  const warm = performance.now() + 1000;
  while (performance.now() < warm) ours.tapped();
  const calls = Math.max(1, Math.ceil(0.2 / first));
  const times = Array.from(
    { length: 3 },
    () =>
      seconds(() => {
        for (let i = 0; i < calls; i++) ours.tapped();
      }) / calls,
  );
  ours.dispose();
  return { first, steady: median(times) };
}

/** The two constants that bring counted and measured seconds together, least squares of the relative error. */
function fitted(
  rows: readonly { products: number; values: number; time: number }[],
): readonly [number, number] {
  let [pp, pv, vv, p, v] = [0, 0, 0, 0, 0];
  for (const { products, values, time } of rows) {
    const [a, b] = [products / time, values / time];
    pp += a * a;
    pv += a * b;
    vv += b * b;
    p += a;
    v += b;
  }
  const scale = pp * vv - pv * pv;
  const perProduct = (p * vv - v * pv) / scale;
  const perValue = (v * pp - p * pv) / scale;
  if (perProduct > 0 && perValue > 0) return [1 / perProduct, perValue];
  return perProduct > 0 ? [pp / p, 0] : [Infinity, v / vv];
}

async function constantsOf(name: 'wasm' | 'tensorflow' | 'cpu'): Promise<ConstantsRow> {
  const native = [inRepo('.cache/native')];
  const before = process.cpuUsage();
  const backend = await openBackend(name, { loadTensorflow: () => loadTensorflow(native, 1) });
  const { user, system } = process.cpuUsage(before);
  await tf.setBackend(name);
  let startup = (user + system) / 1e6;
  const rows: { net: string; products: number; values: number; time: number }[] = [];
  for (const [net, batch] of Object.entries(BATCHES[name]!)) {
    process.stderr.write(`${name}: ${net}\n`);
    const bench = { ...NETS.find((each) => each.name === net)!, batch };
    const { first, steady } = await passSeconds(backend, bench);
    process.stderr.write(`  ${steady.toFixed(3)} s\n`);
    if (rows.length === 0) startup += Math.max(0, first - steady);
    const ours = await runner(backend, bench);
    const work = sampleWork(ours.spec);
    ours.dispose();
    const products = 3 * work.multiplyAdds * batch;
    rows.push({ net, products, values: work.values * batch + work.parameters, time: steady });
  }
  const [perSecond, perValue] = fitted(rows);
  const off = rows.map(({ net, products, values, time }): [string, number] => [
    net,
    time / (products / perSecond + values * perValue),
  ]);
  return { backend: name, perSecond, perValue, startup, off: Object.fromEntries(off) };
}

/** The constants of every backend that is installed. */
export async function constantsRows(): Promise<ConstantsRow[]> {
  const rows = [await constantsOf('wasm')];
  if (hasNativeBackend([inRepo('.cache/native')])) rows.push(await constantsOf('tensorflow'));
  rows.push(await constantsOf('cpu'));
  return rows;
}

/** The constants as a Markdown table. */
export function constantsTable(rows: readonly ConstantsRow[]): string {
  const cells = rows.map(({ backend, perSecond, perValue, startup, off }) => [
    backend,
    perSecond.toExponential(1),
    perValue.toExponential(1),
    startup.toFixed(2),
    Object.entries(off)
      .map(([net, ratio]) => `${net} ${ratio.toFixed(2)}`)
      .join(', '),
  ]);
  const head = ['backend', 'multiply-adds a second', 'seconds a value', 'start, s', 'measured ÷ counted'];
  return table(head, cells);
}
