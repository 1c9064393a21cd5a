import { basename } from 'node:path';
import { comparisonMarkdown } from '../report/comparison.ts';
import { escapeMarkdown, markdownReport } from '../report/markdown.ts';
import { plural } from '../report/reportText.ts';
import { probeMarkdown } from '../report/probe.ts';
import { FRAMEWORK_TITLE } from '../protocol/frameworks.ts';
import type { PageKind } from '../protocol/lsp.ts';
import type { FileState } from './fileState.ts';
import { beforeAfter } from './findingText.ts';
import { placedLine } from './problemText.ts';
import { statusOf } from './statusText.ts';

function reportPage(state: FileState): string {
  const results = state.results;
  if (results === undefined || results.set.reports.length + results.set.errors.length === 0)
    return whyPage(state);
  return presented(state, results.stale, markdownReport(results.set));
}

function presented(state: FileState, stale: boolean, page: string): string {
  const mark = stale ? '> Stale: the file was edited after this was measured.\n\n' : '';
  return mark + page.replaceAll(state.path, basename(state.path));
}

function probePage(state: FileState): string {
  if (state.probe === undefined)
    return `# Short trainings of ${escapeMarkdown(basename(state.path))}\n\nNothing was trained yet: run **Initscope: Run Convergence Probe** first.\n`;
  return presented(state, state.outlived(state.probe), probeMarkdown(state.probe.set));
}

function initializersPage(state: FileState): string {
  if (state.comparison !== undefined)
    return presented(state, state.outlived(state.comparison), comparisonMarkdown(state.comparison.set));
  const lines = [`# Initializers of ${escapeMarkdown(basename(state.path))}`];
  const reports = state.results?.set.reports ?? [];
  if (reports.length === 0)
    return `${lines[0]}\n\nNothing was measured yet: run **Initscope: Inspect Model** first.\n`;
  for (const report of reports) {
    lines.push('', `## ${escapeMarkdown(report.model)}`, '', escapeMarkdown(report.verdict), '');
    const rows = report.findings.flatMap((finding) =>
      finding.advice.map(
        (advice) =>
          `| ${escapeMarkdown(finding.layers.join(', '))} | ${escapeMarkdown(advice.title)} | ${escapeMarkdown(beforeAfter(advice, finding.rule))} | ${advice.proof} |`,
      ),
    );
    if (rows.length === 0) lines.push('No initializer was measured to be better than what is written.');
    else
      lines.push(
        '| layers | instead | measured before → after | proof |',
        '| --- | --- | --- | --- |',
        ...rows,
      );
    lines.push(
      '',
      '| layer | weight | written | gain has | gain needs |',
      '| --- | --- | --- | ---: | ---: |',
    );
    for (const layer of report.layers)
      for (const { weight, spelled, gain } of layer.initializers)
        if (gain !== undefined)
          lines.push(
            `| ${escapeMarkdown(layer.id)} | ${escapeMarkdown(weight)} | ${escapeMarkdown(spelled)} | ${gain.has.toPrecision(3)} | ${gain.needs.toPrecision(3)} |`,
          );
  }
  return `${lines.join('\n')}\n`;
}

function whyPage(state: FileState): string {
  const { detail } = statusOf(state);
  const lines = [
    `# Why is there nothing here? ${escapeMarkdown(basename(state.path))}`,
    '',
    escapeMarkdown(detail),
  ];
  const content = state.reading?.content;
  if (content === undefined)
    lines.push(
      '',
      'The file was not read: it does not look like a model. Initscope looks for Keras JSON, TensorFlow.js `model.json`, `.keras` and `.h5` archives, and JavaScript or TypeScript that builds TensorFlow.js layers.',
    );
  else {
    if (content.notAModel !== undefined) lines.push('', `No model: ${escapeMarkdown(content.notAModel)}`);
    if (content.skipped !== undefined) lines.push('', `Skipped: ${escapeMarkdown(content.skipped)}`);
    for (const problem of content.problems) {
      const { found, expected, hint } = problem;
      lines.push('', `- ${escapeMarkdown(placedLine(problem, state))}`);
      if (found !== undefined) lines.push(`  - found: ${escapeMarkdown(found)}`);
      if (expected !== undefined) lines.push(`  - expected: ${escapeMarkdown(expected)}`);
      if (hint !== undefined) lines.push(`  - ${escapeMarkdown(hint)}`);
    }
    for (const { spec } of content.models) {
      const run = spec.executable ? '' : ' It is measured by its own framework, not by the embedded engine.';
      lines.push(
        '',
        `- ${escapeMarkdown(spec.name)}: ${plural(spec.layers.length, 'layer')}, ${FRAMEWORK_TITLE[spec.semantics.value]}.${run}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** A Markdown page about one file. It always has text: when there is nothing to tell, it tells why. */
export function pageOf(state: FileState, page: PageKind): string {
  if (page === 'report') return reportPage(state);
  if (page === 'probe') return probePage(state);
  return page === 'initializers' ? initializersPage(state) : whyPage(state);
}
