import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from '../support/cli.ts';
import { inRepo } from '../support/root.ts';

interface Report {
  run?: unknown;
}

test('reports are byte-equal but for run on 1, 2 and 4 workers, and from one run to the next', async () => {
  const texts: string[] = [];
  for (const workers of ['1', '2', '4', '2']) {
    const args = ['inspect', 'examples', '--json', '--no-cache', '--fail-on', 'never', '--workers', workers];
    const { out, code, err } = await cli(args, { cwd: inRepo() });
    assert.equal(code, 0, err);
    const document = JSON.parse(out) as { reports: Report[] };
    assert.ok(document.reports.length >= 5);
    for (const report of document.reports) delete report.run;
    texts.push(JSON.stringify(document));
  }
  for (const text of texts.slice(1)) assert.equal(text, texts[0]);
});

test('a report from the cache equals the one that was measured', async () => {
  const args = ['inspect', 'examples/zero-mlp.json', '--json', '--fail-on', 'never'];
  const [first, second] = [await cli(args, { cwd: inRepo() }), await cli(args, { cwd: inRepo() })];
  const strip = (text: string) => {
    const document = JSON.parse(text) as { reports: Report[] };
    for (const report of document.reports) delete report.run;
    return document;
  };
  assert.deepEqual(strip(second.out), strip(first.out));
});
