import type { ComparedStart, ComparisonSet } from '../../src/model/comparison.ts';
import type { ProbedStart, ProbeOptimizer, ProbeSet } from '../../src/model/probe.ts';
import type { Measured, Report } from '../../src/model/report.ts';
import type { ScannedTensor, ScanSet } from '../../src/model/scan.ts';
import type { StartsSet } from '../../src/model/startsSet.ts';
import { encodeWire } from '../../src/protocol/wireReports.ts';
import { madeReport } from './reports.ts';

const measured = (mean: number): Measured => ({ mean, lo: mean / 1.2, hi: mean * 1.2, n: 5 });

/** A comparison made by arithmetic: three starts of a report's layers, the file's the worst. */
export function madeComparison(report: Report = madeReport(10, 2e-5)): ComparisonSet {
  const layers = report.layers.map(({ id }) => id);
  const start = (id: string, title: string, decay: number): ComparedStart => ({
    id,
    title,
    changes: [],
    figures: {
      signal: measured(decay),
      gradient: measured(decay),
      drift: measured(Math.abs(Math.log(decay))),
      dead: measured(0.02),
      saturated: measured(0),
      initialLoss: measured(2.3),
    },
    profile: {
      signal: layers.map((_id, index) => 0.7 * decay ** (index / layers.length)),
      gradient: layers.map((_id, index) => 0.05 * decay ** (1 - index / layers.length)),
    },
    findings: decay < 0.01 ? ['vanishing-signal'] : [],
    why: decay < 0.01 ? 'vanishing-signal: the signal shrinks' : 'nothing fires; the signal keeps 1×',
  });
  const { file, modelId, model, framework, plan, run } = report;
  return {
    comparisons: [
      {
        ...{ file, modelId, model, framework, plan, run },
        reproduce: 'initscope compare model.json',
        layers,
        starts: [
          start('he-normal', 'HeNormal', 1),
          start('glorot-uniform', 'GlorotUniform', 0.2),
          start('file', 'as in the file', 2e-5),
        ],
      },
    ],
    errors: [],
    lineStarts: {},
  };
}

/** A probe made by arithmetic: one start learns, one is stuck, one diverges to infinity. */
export function madeProbe(report: Report = madeReport(10, 2e-5), steps = 40): ProbeSet {
  const uninformed = Math.log(10);
  const curve = (fate: 'learns' | 'stuck' | 'diverges', seed: number) =>
    Array.from({ length: steps }, (_, step) => {
      if (fate === 'diverges') return step > steps / 2 ? Infinity : uninformed * 1.2 ** step;
      return fate === 'stuck' ? uninformed : uninformed * Math.exp(-(step + seed) / 15);
    });
  const start = (
    id: string,
    title: string,
    optimizer: ProbeOptimizer,
    fate: 'learns' | 'stuck' | 'diverges',
  ): ProbedStart => {
    const runs = [1, 2, 3].map((seed) => {
      const losses = curve(fate, seed);
      return { seed, rate: 0.001, losses, heldOut: losses.at(-1) ?? NaN };
    });
    const pairs =
      fate === 'learns' ? [{ seeds: [1, 2] as const, disagreement: 0.1, distance: 1.41, barrier: 0.3 }] : [];
    return {
      ...{ id, title, optimizer },
      result: { rate: 0.001, tried: runs.slice(0, 1), runs, pairs, uninformed },
      stepsToHalf: fate === 'learns' ? 12 : null,
      heldOut: runs[0]?.heldOut ?? NaN,
      diverged: fate === 'diverges' ? 1 : 0,
      stuck: fate === 'stuck' ? 1 : 0,
    };
  };
  const { file, modelId, model, framework, plan, run } = report;
  return {
    probes: [
      {
        ...{ file, modelId, model, framework, plan, run, steps, half: 1.2 },
        task: 'a seeded teacher',
        starts: [
          start('he-normal', 'HeNormal', 'adam', 'learns'),
          start('file', 'as in the file', 'adam', 'stuck'),
          start('file', 'as in the file', 'sgd', 'diverges'),
        ],
      },
    ],
    errors: [],
    lineStarts: {},
  };
}

/** A scan made by arithmetic: sizes of activations are flat, updates grow, shrink or stay by layer. */
export function madeScan(report: Report = madeReport(10, 2e-5)): ScanSet {
  const factors = [0.5, 1, 2, 4];
  const law = (slope: number, first: number): ScannedTensor['update'] => ({
    values: factors.map((factor) => first * factor ** slope),
    exponent: { mean: slope, lo: slope - 0.03, hi: slope + 0.02, n: 5 },
    trend: slope === 0 ? 'flat' : slope > 0 ? 'grows' : 'shrinks',
  });
  const slopes = [-0.5, 0.5, 0, 1];
  const { file, modelId, model, framework, plan, run } = report;
  return {
    scans: [
      {
        ...{ file, modelId, model, framework, plan, run, factors },
        ...{
          parameter: 'hidden',
          widths: ['32', '64', '128', '256'],
          parameters: [1200, 4500, 17000, 67000],
        },
        ...{ optimizer: 'adam', rate: 1e-3, steps: 3, seeds: [1, 2, 3, 4, 5] },
        reproduce: 'initscope scan model.json',
        tensors: report.layers.slice(0, slopes.length).map(({ id }, index) => ({
          ...{ node: id, layer: id, quantity: 'preActivation' },
          ...{ activation: law(0, 0.6 + index), update: law(slopes[index] ?? 0, 0.02 * (index + 1)) },
        })),
        verdict: 'not flat: 2 of 4 updates grow with the width',
        notes: [],
      },
    ],
    errors: [],
    lineStarts: {},
  };
}

/** Saved weights beside a fresh draw, in words. */
export function madeStarts(report: Report = madeReport(10, 2e-5)): StartsSet {
  const loss = (value: number) => [
    { output: 'out', loss: 'categorical_crossentropy', value, uninformed: 2.3, logitStd: 1, priorExcess: 0 },
  ];
  const starts = {
    fresh: { summary: 'drawn by the initializers, initial loss 2.31 (uninformed 2.3)', loss: loss(2.31) },
    saved: { summary: "weights 3× (dense_2) the size of the fresh draw's", loss: loss(0.12) },
  };
  return { models: [{ modelId: report.modelId, starts }], errors: [] };
}

/** Answers a view's question for the last result of a study. */
export function madeStudy(method: string, params: Readonly<Record<string, unknown>>): unknown {
  if (method !== 'studyResult') return undefined;
  const made = { comparison: madeComparison, probe: madeProbe, scan: madeScan, starts: madeStarts };
  const set = made[params['study'] as keyof typeof made]();
  return { text: encodeWire(set), stale: false };
}
