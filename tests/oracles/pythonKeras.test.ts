import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { createInspector, type Inspector } from '../../src/inspect/inspector.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import type { PythonHost } from '../../src/model/pythonHost.ts';
import type { Report } from '../../src/model/report.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { createPythonHost } from '../../src/node/python/host.ts';
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
