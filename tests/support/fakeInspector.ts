import { existsSync } from 'node:fs';
import type { Inspector } from '../../src/inspect/inspector.ts';
import { measureFake, readFake } from './fakeReports.ts';
import { fakeComparison, fakeProbe, fakeScan } from './fakeStudies.ts';

/**
 * A stand-in for the inspector, for tests of what surrounds it. A "model" is any JSON text with `"model": "NAME"` (and `"class_name"` somewhere, for the client's first look); its layers are
 * the pairs `{"name": "x", "init": "y"}`; every layer with `"init": "bad"` has a finding with a fix that writes `good`.
 * Words of the text change how it behaves: `slow` takes 1.5 s, `long` a minute, `held` until there is a file of its name and `.go`,
 * `hang` never lets go, `crash` ends the process, `die` rejects.
 */
export function fakeInspector(): Inspector & {
  readonly calls: { reads: number; measures: number; cancelled: number };
} {
  const calls = { reads: 0, measures: 0, cancelled: 0 };
  return {
    calls,
    readStatic: (request) => {
      calls.reads++;
      return Promise.resolve(readFake(request.path, request.text ?? ''));
    },
    edit: () =>
      Promise.resolve({ ok: false, refusal: { place: 'here', reason: 'the stand-in does not edit' } }),
    rewrite: () =>
      Promise.resolve({ ok: false, refusal: { place: 'here', reason: 'the stand-in does not rewrite' } }),
    probeCosts: () =>
      Promise.resolve({
        costs: [{ model: 'fake', trainings: 48, steps: 200, seconds: 12.3 }],
        errors: [],
      }),
    compareCosts: () =>
      Promise.resolve({ costs: [{ model: 'fake', starts: 13, seeds: 5, seconds: 4.2 }], errors: [] }),
    scanCosts: () =>
      Promise.resolve({
        costs: [{ model: 'fake', widths: 4, seeds: 5, steps: 3, seconds: 1.5 }],
        errors: [],
      }),
    scan: async (request, _choices, signal, onProgress) => {
      onProgress?.({ phase: 'probe', done: 0, total: 60, layer: 'width 64' });
      await wait(timeOf(request.text), signal);
      return { scans: [fakeScan(request.path)], errors: [], lineStarts: {} };
    },
    scenario: async (_request, _scenario, signal) => {
      await wait(20, signal);
      return { measured: [{ seeds: 5, layers: {} }], errors: [] };
    },
    probe: async (request, _choices, signal, onProgress) => {
      onProgress?.({ phase: 'probe', done: 0, total: 9600 });
      await wait(timeOf(request.text), signal);
      return { probes: [fakeProbe(request.path)], errors: [], lineStarts: {} };
    },
    compare: async (request, signal, onProgress) => {
      onProgress?.({ phase: 'advice', done: 0, total: 5, layer: 'HeNormal everywhere' });
      await wait(timeOf(request.text), signal);
      if (/"late"/.test(request.text ?? ''))
        setTimeout(() => onProgress?.({ phase: 'advice', done: 4, total: 5 }), 150);
      const { models, problems } = readFake(request.path, request.text ?? '');
      return {
        comparisons: models.map(() => fakeComparison(request.path)),
        errors: problems,
        lineStarts: {},
      };
    },
    inspect: async (request, signal, onProgress) => {
      calls.measures++;
      const text = request.text ?? '';
      if (/"crash"/.test(text)) process.exit(3);
      if (/"die"/.test(text))
        throw new Error('The worker ended in the middle of a measurement (exit code 1).');
      onProgress?.({ phase: 'measure', done: 0, total: 5 });
      if (/"hang"/.test(text)) await new Promise(() => {});
      signal.addEventListener('abort', () => calls.cancelled++);
      if (/"held"/.test(text)) while (!existsSync(`${request.path}.go`)) await wait(20, signal);
      await wait(timeOf(text), signal);
      return measureFake(request.path, text);
    },
  };
}

function timeOf(text = ''): number {
  if (/"long"/.test(text)) return 60_000;
  return /"slow"/.test(text) ? 1500 : 20;
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    });
  });
}
