import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { pathUri, sarifDocument } from '../../../src/report/sarif.ts';
import { inRepo } from '../../support/root.ts';
import { sampleFinding, sampleReport, sampleSet } from '../../support/sampleReport.ts';

interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  partialFingerprints: Record<string, string>;
  locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[];
  fixes: {
    artifactChanges: { replacements: { deletedRegion: object; insertedContent: { text: string } }[] }[];
  }[];
}

function runOf(document: unknown) {
  const { runs } = document as {
    runs: {
      tool: { driver: { rules: { id: string }[] } };
      results: Result[];
      invocations: { executionSuccessful: boolean }[];
    }[];
  };
  const [run] = runs;
  assert.ok(run);
  return run;
}

/** The official schema of SARIF 2.1.0, in draft 4 of JSON Schema: of what it uses, only `id` is spelled otherwise since. */
function officialSchema(): object {
  const path = inRepo('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const {
    id: _id,
    $schema: _draft,
    ...schema
  } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  return schema;
}

const ajv = new Ajv({ allErrors: true, unicodeRegExp: false });
(formats as unknown as (ajv: Ajv) => void)(ajv);
const validate = ajv.compile(officialSchema());
const errorsOf = (document: unknown): unknown => (validate(document) ? null : validate.errors);

test('a log with findings, fixes, errors and no findings at all validates', () => {
  for (const set of [sampleSet(), sampleSet({ reports: [], errors: [] }), sampleSet({ rules: {} })])
    assert.equal(errorsOf(sarifDocument(set, '1.2.3')), null);
});

test('the schema notices what is wrong', () => {
  const document = JSON.parse(JSON.stringify(sarifDocument(sampleSet(), '1.2.3'))) as { version: string };
  assert.notEqual(errorsOf({ ...document, version: '2.0.0' }), null);
  assert.notEqual(errorsOf({ ...document, runs: [{ results: [] }] }), null);
});

test('a result names its rule, place, fingerprint and fix', () => {
  const { tool, results, invocations } = runOf(sarifDocument(sampleSet(), '1.2.3'));
  const [result] = results;
  assert.ok(result);
  assert.equal(tool.driver.rules[result.ruleIndex]?.id, result.ruleId);
  assert.equal(result.level, 'error');
  assert.deepEqual(result.partialFingerprints, { 'initscope/v1': 'sequential:vanishing-signal:dense' });
  assert.equal(result.locations[0]?.physicalLocation.artifactLocation.uri, 'nets/a%20b.json');
  const region = { startLine: 2, startColumn: 3, endLine: 2, endColumn: 11 };
  assert.deepEqual(result.locations[0]?.physicalLocation.region, region);
  const replacement = result.fixes[0]?.artifactChanges[0]?.replacements[0];
  assert.deepEqual(replacement?.insertedContent, { text: '"HeNormal"' });
  assert.deepEqual(replacement?.deletedRegion, { startLine: 2, startColumn: 13, endLine: 2, endColumn: 21 });
  assert.equal(invocations[0]?.executionSuccessful, false);
});

test('fingerprints stay when only places and numbers change', () => {
  const moved = sampleFinding({
    origin: { file: 'nets/a b.json', range: { start: 14, end: 15 }, kind: 'layer' },
    values: [],
  });
  const prints = (findings: ReturnType<typeof sampleFinding>[]) =>
    runOf(sarifDocument(sampleSet({ reports: [sampleReport({ findings })] }), '1')).results.map(
      (each) => each.partialFingerprints,
    );
  assert.deepEqual(prints([moved]), prints([sampleFinding()]));
});

test('information and hints are notes', () => {
  const findings = [
    sampleFinding({ severity: 'information' }),
    sampleFinding({ severity: 'hint' }),
    sampleFinding({ severity: 'warning' }),
  ];
  const { results } = runOf(sarifDocument(sampleSet({ reports: [sampleReport({ findings })] }), '1'));
  assert.deepEqual(
    results.map(({ level }) => level),
    ['note', 'note', 'warning'],
  );
});

test('paths become URI references', () => {
  assert.equal(pathUri('a b/ü#.json'), 'a%20b/%C3%BC%23.json');
  assert.equal(pathUri('/tmp/x.json'), 'file:///tmp/x.json');
  assert.equal(pathUri('C:\\nets\\x.json'), 'file:///C:/nets/x.json');
});
