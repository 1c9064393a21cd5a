import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { createInspector, type Inspector } from '../../src/inspect/inspector.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import type { PythonHost } from '../../src/model/pythonHost.ts';
import type { Report } from '../../src/model/report.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { createPythonHost } from '../../src/node/python/host.ts';
import { cli } from '../support/cli.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const folder = inRepo('tests', 'oracles', 'python');

function inspectorOf(python: string): { inspector: Inspector; host: PythonHost } {
  const host = createPythonHost({
    ...{ probeFolder: inRepo('python'), cwd: folder, interpreter: python, env: oracleEnv },
  });
  const inspector = createInspector({
    measurer: { measure: () => Promise.reject(new Error('it should run in Python')) },
    files: nodeFiles,
    ...{ version: '0', machine: 'test', backends: ['cpu'], now: () => 0, python: host },
  });
  return { inspector, host };
}

const means = ({ layers }: Report, id: string): Record<string, number | undefined> => {
  const measured = layers.find((each) => each.id === id)?.measured;
  return {
    signal: measured?.activation?.mean,
    before: measured?.preActivation?.mean,
    gradient: measured?.gradientNorm?.mean,
    zeros: measured?.zeros?.mean,
  };
};

for (const kind of ['torch', 'tf'] as const) {
  const python = oraclePython(kind);
  describe(
    `Keras classes in their own backend (${kind})`,
    { skip: python === null ? 'npm run oracles' : false },
    () => {
      const { inspector, host } = inspectorOf(python ?? '');
      after(() => host.dispose());
      const inspected = async (name: string): Promise<{ report: Report; text: string }> => {
        const path = inRepo('tests', 'oracles', 'python', name);
        const { reports, errors } = await inspector.inspect(
          { path, options: {}, config: DEFAULT_PROJECT_CONFIG, seeds: 3, batch: 64 },
          new AbortController().signal,
        );
        assert.deepEqual(
          errors.filter(({ severity }) => severity === 'error'),
          [],
        );
        assert.equal(reports.length, 1);
        return { report: reports[0]!, text: readFileSync(path, 'utf8') };
      };

      it('traces a call with blocks of its own, measures it, and names the line', async () => {
        const { report, text } = await inspected('keras_own.py');
        assert.equal(report.plan.kernels, kind === 'tf' ? 'tensorflow' : 'torch');
        assert.equal(report.layers.filter(({ kind: of }) => of === 'dense').length, 6);
        assert.ok(report.edges.length > report.layers.length, 'the residual sums are in the graph');
        const found = report.findings.find(({ rule }) => rule === 'unscaled-initializer');
        assert.ok(found !== undefined, report.findings.map(({ rule }) => rule).join());
        const { start, end } = found.origin.range;
        assert.match(text.slice(start, end), /RandomNormal\(stddev=3\.0\)/);
        const [first] = report.layers.filter(({ kind: of }) => of === 'dense');
        assert.ok((first?.measured.saturated?.mean ?? 0) > 0.8);
        assert.equal(report.loss[0]?.loss, 'sparse_categorical_crossentropy');
        const zero = report.findings.filter(({ rule }) => rule === 'symmetric-units' || rule === 'dead-relu');
        assert.deepEqual(zero, [], 'zeroed branch ends are a design');
      });

      it('measures a graph of layers as the own engine does, with the same findings', async () => {
        const name = 'keras_functional.py';
        const args = [
          'inspect',
          name,
          '--python',
          python ?? '',
          '--no-cache',
          '--json',
          '--fail-on',
          'never',
        ];
        const env = { KERAS_BACKEND: kind === 'tf' ? 'tensorflow' : 'torch', PYTHONDONTWRITEBYTECODE: '1' };
        const reports: Report[] = [];
        for (const backend of ['wasm', 'python']) {
          const more = ['--backend', backend, '--seeds', '5', '--batch', '64'];
          const { out, err } = await cli([...args, ...more], { cwd: folder, env });
          const [report] = (JSON.parse(out) as { reports: Report[] }).reports;
          assert.ok(report !== undefined, err);
          assert.equal(report.plan.backend, backend);
          reports.push(report);
        }
        const [own, theirs] = reports as [Report, Report];
        assert.deepEqual(
          theirs.layers.map(({ id }) => id),
          own.layers.map(({ id }) => id),
        );
        const told = ({ findings }: Report) => findings.map(({ rule, layer }) => `${rule} ${layer}`).sort();
        assert.deepEqual(told(theirs), told(own));
        assert.ok(told(own).includes('unscaled-initializer conv2d'), told(own).join());
        for (const { id, kind: of } of own.layers) {
          const [a, b] = [means(own, id), means(theirs, id)];
          for (const quantity of of === 'lstm' ? ['signal'] : Object.keys(a)) {
            const [x, y] = [a[quantity], b[quantity]];
            assert.equal(x === undefined, y === undefined, `${id} ${quantity}: ${x} and ${y}`);
            // Five other draws of a few hundred weights: the means over seeds differ by up to a fifth.
            const bound = 0.25 * Math.abs(x ?? 0) + 0.01;
            assert.ok(
              x === undefined || Math.abs(x - (y ?? NaN)) < bound,
              `${id} ${quantity}: ${x} and ${y}`,
            );
          }
        }
        assert.deepEqual(
          theirs.loss.map(({ output, loss, from }) => ({ output, loss, from })),
          own.loss.map(({ output, loss, from }) => ({ output, loss, from })),
        );
        assert.equal(theirs.loss[0]?.from, 'file');
      });

      it('gives the bias of an LSTM its forget gates and measures it again', async () => {
        const { report } = await inspected('keras_lstm.py');
        const found = report.findings.find(({ rule }) => rule === 'lstm-forget-bias');
        assert.ok(found !== undefined, report.findings.map(({ rule }) => rule).join());
        const [advice] = found.advice;
        assert.equal(advice?.changes[0]?.initializer.id, 'forgetGateOnes');
        assert.notDeepEqual(advice?.after, advice?.before, 'measured with other biases');
      });

      if (kind === 'tf')
        it('shows layers in the order they run where the call cannot be traced (tf-keras 2)', async () => {
          const { report } = await inspected('keras2_own.py');
          assert.match(report.framework, /Keras 2/);
          assert.equal(report.layers.filter(({ kind: of }) => of === 'dense').length, 6);
          assert.ok(report.findings.some(({ rule }) => rule === 'unscaled-initializer'));
          assert.equal(report.plan.kernels, 'tensorflow');
        });
    },
  );
}
