import type { Advice, Finding, Severity } from '../model/finding.ts';
import type { Json } from '../model/json.ts';
import { lineRange } from '../model/linePosition.ts';
import type { TextRange } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import type { Report, ReportSet } from '../model/report.ts';
import { formatProof } from './format.ts';
import { furtherCause } from './reportText.ts';
import { plainJson } from './json.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** A path as a URI reference: relative paths stay relative, absolute ones become `file:` URIs. */
export function pathUri(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  if (parts.startsWith('/')) return `file://${parts}`;
  return /^[A-Za-z]%3A\//.test(parts) ? `file:///${parts.replace('%3A', ':')}` : parts;
}

function region(set: ReportSet, file: string, range: TextRange | undefined) {
  const starts = Object.hasOwn(set.lineStarts, file) ? set.lineStarts[file] : undefined;
  if (range === undefined || starts === undefined) return undefined;
  const { start, end } = lineRange(starts, range);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function physical(set: ReportSet, file: string, range: TextRange | undefined) {
  return { artifactLocation: { uri: pathUri(file) }, region: region(set, file, range) };
}

function fixOf(set: ReportSet, advice: Advice) {
  if (advice.edit?.ok !== true) return [];
  const artifactChanges = advice.edit.edits.map(({ file, edits }) => ({
    artifactLocation: { uri: pathUri(file) },
    replacements: edits.map(({ range, text }) => ({
      deletedRegion: region(set, file, range) ?? {
        charOffset: range.start,
        charLength: range.end - range.start,
      },
      insertedContent: { text },
    })),
  }));
  return [{ description: { text: advice.title }, artifactChanges }];
}

function resultOf(set: ReportSet, report: Report, finding: Finding, rules: readonly string[]) {
  const proof = finding.values.map(formatProof).join('; ');
  const text = [finding.message, proof, furtherCause(finding) ?? ''].filter((part) => part !== '').join('\n');
  const layer = report.layers.find(({ id }) => id === finding.layer);
  const related = layer?.origins.slice(1) ?? [];
  const fixes = finding.advice.flatMap((advice) => fixOf(set, advice));
  return {
    ruleId: finding.rule,
    ruleIndex: rules.indexOf(finding.rule),
    level: LEVEL[finding.severity],
    message: { text },
    locations: [
      {
        physicalLocation: physical(set, finding.origin.file, finding.origin.range),
        logicalLocations: [
          { name: finding.layer, fullyQualifiedName: `${report.modelId}/${finding.layer}`, kind: 'object' },
        ],
      },
    ],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map(({ file, range, kind }, id) => ({
            id,
            physicalLocation: physical(set, file, range),
            message: { text: kind },
          })),
        }),
    partialFingerprints: { 'initscope/v1': `${report.modelId}:${finding.id}` },
    ...(fixes.length === 0 ? {} : { fixes }),
    properties: { model: report.modelId, values: finding.values, echoes: finding.echoes },
  };
}

function notificationOf(set: ReportSet, problem: Problem) {
  const { file, range, message, found, expected, hint } = problem;
  const parts = [message, found && `found ${found}`, expected && `expected ${expected}`, hint];
  return {
    level: problem.severity === 'error' ? 'error' : 'note',
    message: { text: parts.filter(Boolean).join('; ') },
    locations: [{ physicalLocation: physical(set, file, range) }],
  };
}

/** A SARIF 2.1.0 log with one run; fingerprints are model, rule and layer. */
export function sarifDocument(set: ReportSet, version: string): Json {
  const fired = set.reports.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  const rules = [...new Set([...Object.keys(set.rules), ...fired])].sort();
  const problems = [...set.errors, ...set.reports.flatMap(({ problems: own }) => own)];
  return plainJson({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Initscope',
            semanticVersion: version,
            rules: rules.map((id) => {
              const info = Object.hasOwn(set.rules, id) ? set.rules[id] : undefined;
              if (info === undefined) return { id };
              return {
                id,
                shortDescription: { text: info.title },
                fullDescription: { text: info.explanation },
                help: { text: `${info.explanation}\nSee ${info.doc} or run: initscope explain ${id}` },
              };
            }),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: set.errors.length === 0,
            toolExecutionNotifications: problems.map((problem) => notificationOf(set, problem)),
          },
        ],
        results: set.reports.flatMap((report) =>
          report.findings.map((finding) => resultOf(set, report, finding, rules)),
        ),
      },
    ],
  });
}
