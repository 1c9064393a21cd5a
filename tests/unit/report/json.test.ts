import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { jsonDocument, plainJson } from '../../../src/report/json.ts';
import { inRepo } from '../../support/root.ts';
import { sampleReport, sampleSet } from '../../support/sampleReport.ts';

type Schema = Record<string, unknown>;
const schema = JSON.parse(readFileSync(inRepo('media/schemas/report.schema.json'), 'utf8')) as Schema;

/** The schema with every member it does not name forbidden, so that what is printed is also documented. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  if ('properties' in copy && copy['type'] === 'object') copy['additionalProperties'] = false;
  return copy;
}

function errorsOf(document: unknown): unknown {
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(closed(schema) as Schema);
  return validate(document) ? null : validate.errors;
}

test('a document with findings, advice, errors and skipped files holds to the shipped schema, without unnamed members', () => {
  assert.equal(errorsOf(JSON.parse(JSON.stringify(jsonDocument(sampleSet(), '1.2.3')))), null);
});

test('the schema notices a missing member and a wrong number', () => {
  const document = jsonDocument(sampleSet(), '1.2.3') as { reports: Record<string, unknown>[] };
  const [report = {}] = document.reports;
  const { verdict: _verdict, ...rest } = report;
  assert.notEqual(errorsOf({ ...document, reports: [rest] }), null);
  assert.notEqual(
    errorsOf({ ...document, reports: [{ ...report, run: { elapsedMs: 'soon', machine: '' } }] }),
    null,
  );
});

test('positions are 1-based lines and UTF-16 columns', () => {
  const document = jsonDocument(sampleSet(), '1.2.3') as {
    reports: { findings: { origin: { range: unknown } }[] }[];
    errors: { range: unknown }[];
  };
  assert.deepEqual(document.reports[0]?.findings[0]?.origin.range, {
    start: { line: 2, column: 3 },
    end: { line: 2, column: 11 },
  });
  assert.deepEqual(document.errors[0]?.range, { start: { line: 2, column: 3 }, end: { line: 2, column: 4 } });
});

test('numbers that JSON cannot write are strings, and −0 is 0', () => {
  assert.deepEqual(plainJson([NaN, Infinity, -Infinity, -0, 1.5]), ['NaN', 'Infinity', '-Infinity', 0, 1.5]);
  assert.ok(Object.is((plainJson([-0]) as number[])[0], 0));
  const text = JSON.stringify(jsonDocument(sampleSet(), '1.2.3'));
  assert.match(text, /"gradientRatio":"Infinity"/);
  assert.match(text, /"initialLoss":"NaN"/);
});

test('paths are written with slashes', () => {
  const document = jsonDocument(sampleSet(), '1.2.3') as { skipped: { file: string }[] };
  assert.equal(document.skipped[0]?.file, 'nets/graph.json');
});

test('a layer named __proto__ stays data', () => {
  const report = sampleReport({
    plan: { ...sampleReport().plan, inputs: JSON.parse('{"__proto__":[1]}') as Record<string, number[]> },
  });
  const text = JSON.stringify(jsonDocument(sampleSet({ reports: [report] }), '1.2.3'));
  assert.match(text, /"inputs":\{"__proto__":\[1\]\}/);
});
