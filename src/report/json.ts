import type { EditResult } from '../model/change.ts';
import type { Advice, Finding } from '../model/finding.ts';
import type { Json } from '../model/json.ts';
import { lineRange } from '../model/linePosition.ts';
import type { Origin, TextRange } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import type { Report, ReportLayer, ReportSet } from '../model/report.ts';

/** Version of the document's shape; a minor version only adds fields. */
const REPORT_VERSION = '1.0';

/** Identity of the shipped schema, `media/schemas/report.schema.json`. */
const REPORT_SCHEMA = 'urn:initscope:schema:report:1';

type LineStarts = ReportSet['lineStarts'];

/** JSON values of plain data: non-finite numbers become strings, −0 becomes 0, undefined members are left out. */
export function plainJson(value: unknown): Json {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value === 0 ? 0 : value;
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object') return null;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([key, member]) => [key, plainJson(member)]));
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

function rangeOf(lineStarts: LineStarts, file: string, range: TextRange | undefined) {
  const starts = Object.hasOwn(lineStarts, file) ? lineStarts[file] : undefined;
  return range === undefined || starts === undefined ? undefined : lineRange(starts, range);
}

function origin(lineStarts: LineStarts, { file, range, kind, weight, virtual, cell }: Origin) {
  return { file: slashed(file), range: rangeOf(lineStarts, file, range), cell, kind, weight, virtual };
}

function editOf(lineStarts: LineStarts, result: EditResult | undefined) {
  if (result === undefined) return {};
  if (!result.ok) return { refusal: result.refusal };
  return {
    edits: result.edits.map(({ file, contentHash, edits }) => ({
      file: slashed(file),
      contentHash,
      edits: edits.map(({ range, text }) => ({ range: rangeOf(lineStarts, file, range), text })),
    })),
  };
}

function adviceOf(lineStarts: LineStarts, advice: Advice) {
  const { title, changes, edit, snippet, proof, before, after, preferred, repair, caveat } = advice;
  return {
    title,
    changes,
    ...editOf(lineStarts, edit),
    snippet,
    proof,
    before,
    after,
    preferred,
    repair,
    caveat,
  };
}

function findingOf(lineStarts: LineStarts, finding: Finding) {
  return {
    ...finding,
    origin: origin(lineStarts, finding.origin),
    advice: finding.advice.map((advice) => adviceOf(lineStarts, advice)),
  };
}

function layerOf(lineStarts: LineStarts, { roles, origins, distributions, ...layer }: ReportLayer) {
  return {
    ...layer,
    origins: origins.map((each) => origin(lineStarts, each)),
    role: roles,
    distributions,
  };
}

/** A problem as JSON: its range in lines and columns. */
export function problemJson(lineStarts: LineStarts, problem: Problem) {
  return { ...problem, file: slashed(problem.file), range: rangeOf(lineStarts, problem.file, problem.range) };
}

function reportOf(lineStarts: LineStarts, { spec: _spec, graph: _graph, ...report }: Report) {
  return {
    ...report,
    file: slashed(report.file),
    origin: origin(lineStarts, report.origin),
    layers: report.layers.map((layer) => layerOf(lineStarts, layer)),
    findings: report.findings.map((finding) => findingOf(lineStarts, finding)),
    problems: report.problems.map((problem) => problemJson(lineStarts, problem)),
  };
}

/** The document of `--json`: held to the shipped schema, positions 1-based, paths with `/`, numbers always JSON. */
export function jsonDocument(set: ReportSet, version: string): Json {
  const { lineStarts } = set;
  return plainJson({
    schema: REPORT_SCHEMA,
    initscope: version,
    reportVersion: REPORT_VERSION,
    rules: Object.fromEntries(
      Object.entries(set.rules).map(([id, { title, explanation, doc }]) => [id, { title, explanation, doc }]),
    ),
    reports: set.reports.map((report) => reportOf(lineStarts, report)),
    skipped: set.skipped.map(({ file, reason }) => ({ file: slashed(file), reason })),
    errors: set.errors.map((problem) => problemJson(lineStarts, problem)),
  });
}
