import type { CodeLens, InlayHint } from 'vscode-languageserver';
import type { Report } from '../model/report.ts';
import { CLIENT_COMMANDS, clientCommand } from '../protocol/lsp.ts';
import { formattedUri } from '../protocol/virtual.ts';
import { signalOf } from '../report/layerSignal.ts';
import { formatMeasured, formatNumber, formatSeconds } from '../report/format.ts';
import type { FileState } from './fileState.ts';
import { allLayers, modelsOf, standsIn } from './layerAt.ts';
import { questionLenses } from './questions.ts';
import { countsText } from './statusText.ts';
import type { View } from './view.ts';

function measuredTitle(report: Report, stale: boolean): string {
  const loss = report.loss[0];
  const parts = [
    `${stale ? '$(history) stale: ' : ''}${countsText(report.findings)}`,
    ...(loss === undefined
      ? []
      : [`first loss ${formatNumber(loss.value)} (uninformed ${formatNumber(loss.uninformed)})`]),
    formatSeconds(report.run.elapsedMs),
    report.plan.backend,
  ];
  return parts.join(' · ');
}

/** One row of lenses above each model: its verdict, and what can be done. */
export function lensesFor(state: FileState, view: View): CodeLens[] {
  const lenses: CodeLens[] = [];
  const line = state.longLine;
  if (!view.formatted && line >= 0) {
    const range = { start: { line, character: 0 }, end: { line, character: 0 } };
    const title = '$(open-preview) Open formatted model';
    lenses.push({
      range,
      command: clientCommand(title, CLIENT_COMMANDS.openFormatted, formattedUri(state.uri)),
    });
  }
  lenses.push(...questionLenses(state, view));
  for (const { id, origin } of modelsOf(state)) {
    if (!view.holds(origin.range)) continue;
    const start = view.rangeOf(standsIn(state, origin) ? origin.range : { start: 0, end: 0 }).start;
    const range = { start, end: start };
    const add = (title: string, command: string): void => {
      lenses.push({ range, command: clientCommand(title, command, state.uri) });
    };
    const results = state.results;
    const report = results?.set.reports.find(({ modelId }) => modelId === id);
    if (report !== undefined) {
      add(measuredTitle(report, results?.stale ?? false), CLIENT_COMMANDS.openReport);
      add('measure again', CLIENT_COMMANDS.inspect);
    } else if (state.work?.kind === 'measuring')
      add(`$(sync~spin) ${state.work.detail}`, CLIENT_COMMANDS.openReport);
    else add('$(beaker) measure initialization', CLIENT_COMMANDS.inspect);
  }
  return lenses;
}

/** At each layer its measured scale and gradient; off unless asked for. */
export function inlayHintsFor(state: FileState, view: View): InlayHint[] {
  return allLayers(state).flatMap(({ origin, entry, stale }) => {
    if (!view.holds(origin.range)) return [];
    const scale = entry === undefined ? undefined : signalOf(entry);
    const gradient = entry?.measured.gradientNorm;
    if (scale === undefined) return [];
    const slope = gradient === undefined ? '' : ` ∂ ${formatNumber(gradient.mean, 2)}`;
    const label = `${stale ? 'stale ' : ''}rms ${formatNumber(scale.mean, 2)}${slope}`;
    const interval = `rms ${formatMeasured(scale)}${gradient === undefined ? '' : `, gradient norm ${formatMeasured(gradient)}`}`;
    return [
      {
        position: view.rangeOf(origin.range).end,
        label,
        paddingLeft: true,
        tooltip: `Initscope, over ${scale.n} seeds: ${interval}`,
      },
    ];
  });
}
