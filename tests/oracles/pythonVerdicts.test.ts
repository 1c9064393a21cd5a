import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { ReportSet } from '../../src/model/report.ts';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('torch');

/** What must be found in each model of the files with faults, in the form of the real ones of the corpus' list. */
const FAULTS: Readonly<Record<string, string>> = {
  constant: 'symmetric-units',
  zeros: 'symmetric-units',
  old_arguments: 'symmetric-units',
  ConstantKernels: 'symmetric-units',
  ZeroKernels: 'symmetric-units',
  UnitNormal: 'initial-loss',
  DyingBias: 'dead-relu',
  DeepSigmoid: 'vanishing-gradient',
  SharpAttention: 'attention-saturation',
  WildCell: 'recurrent-scale',
  WildGruCell: 'recurrent-scale',
  WildRnnCell: 'recurrent-scale',
};
/** Models that draw unusually on purpose: nothing above information is said of them. */
const TRAPS = ['irnn', 'grouped', 'FixupNet', 'GPT2', 'Masked', 'SuperResolution', 'Remembering', 'Unrolled'];

describe('verdicts on Python files', { skip: python === null && 'npm run oracles' }, () => {
  const severe = async (kind: string): Promise<Readonly<Record<string, readonly string[]>>> => {
    let found: Readonly<Record<string, readonly string[]>> = {};
    await inFolder({}, async (cwd) => {
      for (const part of ['torch', 'cells', 'keras'])
        cpSync(inRepo(`tests/oracles/python/verdicts/${kind}_${part}.py`), `${cwd}/${kind}_${part}.py`);
      const args = ['inspect', '.', '--python', python ?? '', '--json', '--no-cache', '--fail-on', 'never'];
      const env = { KERAS_BACKEND: oracleEnv['KERAS_BACKEND'] ?? 'torch', PYTHONDONTWRITEBYTECODE: '1' };
      const { out, err } = await cli(args, { cwd, env });
      const { reports, errors } = JSON.parse(out) as ReportSet;
      assert.deepEqual(
        errors.filter(({ severity }) => severity === 'error'),
        [],
        err,
      );
      const fixup = reports.find(({ model }) => model === 'FixupNet')?.layers.map(({ id }) => id) ?? [];
      assert.ok(
        fixup.every((id) => !/^blocks\.\d$/.test(id)),
        'a block whose parameter is added is no layer itself',
      );
      found = Object.fromEntries(
        reports.map(({ model, findings }) => [
          model,
          findings.filter(({ severity }) => /error|warning/.test(severity)).map(({ rule }) => rule),
        ]),
      );
    });
    return found;
  };

  it('name the fault of every faulty model', async () => {
    const found = await severe('bad');
    assert.deepEqual(Object.keys(found).sort(), Object.keys(FAULTS).sort());
    for (const [model, rule] of Object.entries(FAULTS))
      assert.ok(found[model]?.includes(rule), `${model}: ${found[model]?.join(', ')}`);
  });

  it('leave alone what only looks like a fault', async () => {
    const found = await severe('trap');
    assert.deepEqual(found, Object.fromEntries(TRAPS.map((model) => [model, []])));
  });
});
