import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { cpus } from 'node:os';
import { convGeometry } from '../../src/engine/kernels/convGeometry.ts';
import { convFilterGradient, convForward, convInputGradient } from '../../src/engine/kernels/convKernels.ts';
import { keyOf } from '../../src/engine/draws/philox.ts';
import { drawNormal, drawTruncatedNormal, drawUniform } from '../../src/engine/kernels/draws.ts';
import { drawOrthogonal } from '../../src/engine/kernels/orthogonal.ts';
import { tapStats } from '../../src/engine/kernels/tapStats.ts';
import type { Heap } from '../../src/engine/kernels/heap.ts';
import { batchMatMul } from '../../src/engine/kernels/matmulKernels.ts';
import { supportedSimd } from '../../src/engine/kernels/module.ts';
import { startKernels, values } from '../support/kernels.ts';
import { callsFor, median, milliseconds, paired, perCall } from './paired.ts';

interface Row {
  readonly row: string;
  readonly gflops: number;
  /** Share of the register-only loop of the same module. */
  readonly ofPeak: number;
}

const peakCalls = 1000;
const peakRounds = 200;
const peakFlops = peakCalls * peakRounds * 24 * 4 * 2;

function row(heap: Heap, name: string, flops: number, make: () => TensorInfo): Row {
  const repeat = Math.max(1, Math.round(2e8 / flops));
  const { b, ratio } = paired(
    () => {
      for (let i = 0; i < peakCalls; i++) heap.kernels.peak!(peakRounds, 0.001);
    },
    () => {
      for (let i = 0; i < repeat; i++) heap.backend.disposeData(make().dataId);
    },
  );
  const work = flops * repeat;
  return { row: name, gflops: work / b / 1e6, ofPeak: (work / peakFlops) * ratio };
}

function matmulRow(heap: Heap, m: number, n: number, k: number, transposeA = false, transposeB = false): Row {
  const a = tf.tensor2d(values(m * k, 1), transposeA ? [k, m] : [m, k]);
  const b = tf.tensor2d(values(k * n, 2), transposeB ? [n, k] : [k, n]);
  const mark = `${transposeA ? 'ᵀ' : ''}·${transposeB ? 'ᵀ' : ''}`;
  return row(heap, `matmul ${m}×${k}${mark}${k}×${n}`, 2 * m * n * k, () =>
    batchMatMul(heap, { a, b }, { transposeA, transposeB }),
  );
}

function convRows(
  heap: Heap,
  n: number,
  size: number,
  ci: number,
  co: number,
  kernel: number,
  stride: number,
): Row[] {
  const xShape = [n, size, size, ci];
  const filterShape = [kernel, kernel, ci, co];
  const g = convGeometry(xShape, filterShape, { strides: [stride, stride], padding: 'same' });
  const yShape = [n, g.output[1], g.output[2], co];
  const x = tf.tensor(values(tf.util.sizeFromShape(xShape), 1), xShape);
  const filter = tf.tensor(values(tf.util.sizeFromShape(filterShape), 2), filterShape);
  const dy = tf.tensor(values(tf.util.sizeFromShape(yShape), 3), yShape);
  const flops = 2 * tf.util.sizeFromShape(yShape) * kernel * kernel * ci;
  const name = `conv ${kernel}×${kernel}/${stride} ${ci}→${co}, ${n}×${size}×${size}`;
  return [
    row(heap, `${name}, forward`, flops, () => convForward(heap, g, x, filter, yShape)),
    row(heap, `${name}, input gradient`, flops, () => convInputGradient(heap, g, dy, filter, xShape)),
    row(heap, `${name}, filter gradient`, flops, () => convFilterGradient(heap, g, x, dy, filterShape)),
  ];
}

interface Speed {
  readonly row: string;
  readonly value: number;
  readonly unit: string;
}

/** Median milliseconds of `run` after a warm-up. */
function timed(run: () => void): number {
  run();
  const warm = performance.now() + 200;
  while (performance.now() < warm) run();
  const calls = callsFor(milliseconds(run));
  return median(Array.from({ length: 5 }, () => perCall(run, calls)));
}

/** Draws, orthogonal and tap statistics: no multiply-add bound, so no share of the peak. */
function speedRows(heap: Heap): Speed[] {
  const key = keyOf(1, 'layer', 'kernel');
  const count = 1 << 20;
  const free = (info: TensorInfo) => heap.backend.disposeData(info.dataId);
  const rate = (name: string, run: () => void): Speed => ({
    row: name,
    value: count / timed(run) / 1e3,
    unit: 'M/s',
  });
  const x = tf.tensor2d(values(count, 4), [count / 512, 512]);
  return [
    rate('uniform draws', () => free(drawUniform(heap, [count], key, 0, 1))),
    rate('normal draws', () => free(drawNormal(heap, [count], key, 0, 1))),
    rate('truncated normal draws', () => free(drawTruncatedNormal(heap, [count], key, 0, 1))),
    rate(
      'tap statistics, 512 units',
      () => void tapStats(heap, x, { units: 'tally', flat: { low: -2, high: 2 } }),
    ),
    {
      row: 'orthogonal 1024 × 1024',
      value: timed(() => free(drawOrthogonal(heap, 1024, 1024, key, 1))),
      unit: 'ms',
    },
  ];
}

/** What the kernels reach here. */
export interface KernelRows {
  readonly machine: string;
  readonly node: string;
  readonly simd: string;
  readonly rows: readonly Row[];
  readonly speeds: readonly Speed[];
}

/** Every row, one thread; products beside the register-only loop of the same module. */
export async function kernelRows(): Promise<KernelRows> {
  const heap = await startKernels(supportedSimd());
  const rows = [
    matmulRow(heap, 1024, 1024, 1024),
    matmulRow(heap, 64, 512, 512),
    matmulRow(heap, 64, 512, 512, false, true),
    matmulRow(heap, 512, 512, 64, true),
    matmulRow(heap, 512, 256, 256),
    matmulRow(heap, 16, 1024, 256),
    matmulRow(heap, 16, 256, 1024, false, true),
    matmulRow(heap, 256, 1024, 16, true),
    matmulRow(heap, 64, 64, 32, false, true),
    ...convRows(heap, 8, 32, 64, 64, 3, 1),
    ...convRows(heap, 8, 16, 128, 128, 3, 1),
    ...convRows(heap, 8, 4, 512, 512, 3, 1),
    ...convRows(heap, 8, 32, 64, 128, 3, 2),
    ...convRows(heap, 8, 32, 3, 64, 3, 1),
    ...convRows(heap, 8, 32, 64, 256, 1, 1),
  ];
  return {
    machine: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    simd: heap.simd,
    rows,
    speeds: speedRows(heap),
  };
}

/** The rows as lines of text. */
export function kernelTable(result: KernelRows): string {
  const lines = [`${result.machine}, Node ${result.node}, ${result.simd} SIMD; tfjs ${tf.version_core}`];
  for (const { row: name, gflops, ofPeak } of result.rows)
    lines.push(
      `${name.padEnd(52)} ${gflops.toFixed(1).padStart(6)} GFLOP/s ${(100 * ofPeak).toFixed(0).padStart(4)} %`,
    );
  for (const { row: name, value, unit } of result.speeds)
    lines.push(`${name.padEnd(52)} ${value.toFixed(0).padStart(6)} ${unit}`);
  return `${lines.join('\n')}\n`;
}
