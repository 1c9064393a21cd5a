import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from '../../src/model/report.ts';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { dense, model, scaling, TRAPS } from './trapFiles.ts';

test('every trap fires, and its twin does not', async (t) => {
  const files: Record<string, string> = {};
  for (const [index, [, , trap, twin]] of TRAPS.entries()) {
    files[`trap${index}.json`] = trap;
    files[`twin${index}.json`] = twin;
  }
  await inFolder(files, async (folder) => {
    const { out, err } = await cli(['inspect', '.', '--json', '--quiet', '--no-cache', '--seeds', '5'], {
      cwd: folder,
    });
    const { reports } = JSON.parse(out) as { reports: Report[] };
    const rulesOf = (file: string): string[] => {
      const report = reports.find((each) => each.file.endsWith(file));
      assert.ok(report, `${file} has no report: ${err}`);
      return report.findings.map(({ rule }) => rule);
    };
    for (const [index, [name, rule]] of TRAPS.entries())
      await t.test(name, () => {
        assert.ok(
          rulesOf(`trap${index}.json`).includes(rule),
          `the trap: ${rulesOf(`trap${index}.json`).join()}`,
        );
        assert.ok(
          !rulesOf(`twin${index}.json`).includes(rule),
          `the twin: ${rulesOf(`twin${index}.json`).join()}`,
        );
      });
  });
});

test('untruncated_normal is refused, as TF.js does', async () => {
  const text = model('tfjs', [64], dense(scaling('untruncated_normal')));
  await inFolder({ 'model.json': text }, async (folder) => {
    const { err, code } = await cli(['inspect', 'model.json'], { cwd: folder });
    assert.equal(code, 2);
    assert.match(err, /TF\.js has no distribution "untruncated_normal" and refuses the model/);
  });
});
