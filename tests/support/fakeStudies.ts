import type { Comparison } from '../../src/model/comparison.ts';
import type { Probe, ProbedStart, ProbeRun } from '../../src/model/probe.ts';
import type { Scan } from '../../src/model/scan.ts';
import { FAKE_PLAN, FAKE_RUN } from './fakeReports.ts';

/** A comparison of two starts that differ in nothing. */
export function fakeComparison(file: string): Comparison {
  const one = { mean: 1, lo: 0.9, hi: 1.1, n: 5 };
  const figures = { signal: one, gradient: one, drift: one, dead: one, saturated: one, initialLoss: one };
  const starts = ['HeNormal everywhere', 'as in the file'].map((title) => ({
    id: title,
    title,
    changes: [],
    figures,
    profile: { signal: [1, 0.5], gradient: [0.5, 1] },
    findings: [],
    why: 'nothing fires',
  }));
  const names = { file, modelId: 'fake', model: 'fake', framework: 'Fake 1' };
  return {
    ...names,
    plan: FAKE_PLAN,
    run: FAKE_RUN,
    reproduce: 'initscope compare',
    layers: ['a', 'b'],
    starts,
  };
}

/** A scan over four widths of which two updates grow. */
export function fakeScan(file: string): Scan {
  const law = (slope: number, first: number) => {
    const values = [0, 1, 2, 3].map((step) => first * 2 ** (slope * step));
    const exponent = { mean: slope, lo: slope - 0.03, hi: slope + 0.02, n: 5 };
    return { values, exponent, trend: slope === 0 ? ('flat' as const) : ('grows' as const) };
  };
  const tensor = (node: string, slope: number) => ({
    ...{ node, layer: node, quantity: 'preActivation' as const },
    ...{ activation: law(0, 0.6), update: law(slope, 0.02) },
  });
  return {
    ...{ file, modelId: 'fake', model: 'fake', framework: 'Keras 2.10.0', plan: FAKE_PLAN },
    ...{ parameter: 'hidden', factors: [0.5, 1, 2, 4], widths: ['32', '64', '128', '256'] },
    ...{
      parameters: [1200, 4500, 17000, 67000],
      optimizer: 'adam',
      rate: 1e-3,
      steps: 3,
      seeds: [1, 2, 3, 4, 5],
    },
    ...{ run: { elapsedMs: 800, machine: 'here' }, reproduce: `initscope scan ${file}`, notes: [] },
    tensors: [tensor('first', 0), tensor('second', 0.5), tensor('last', 1)],
    verdict: 'not flat: 2 of 3 updates grow with the width (last as width^1)',
  };
}

/** A probe of one start in two steps. */
export function fakeProbe(file: string): Probe {
  const run: ProbeRun = { seed: 1, rate: 0.001, losses: [1, 0.5], heldOut: 0.5 };
  const start: ProbedStart = {
    id: 'file',
    title: 'as in the file',
    optimizer: 'adam',
    result: { rate: 0.001, tried: [run], runs: [run], pairs: [], uninformed: 1 },
    stepsToHalf: 2,
    heldOut: 0.5,
    diverged: 0,
    stuck: 0,
  };
  const names = { file, modelId: 'fake', model: 'fake', framework: 'Fake 1', task: 'a test' };
  return { ...names, plan: FAKE_PLAN, run: FAKE_RUN, steps: 2, half: 0.75, starts: [start] };
}
