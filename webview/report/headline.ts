import type { Report } from '../../src/model/report.ts';
import { formatCount, formatNumber, formatSeconds } from '../../src/report/format.ts';
import { inputFacts } from '../../src/report/inputFacts.ts';
import type { ViewState } from '../../src/protocol/webview.ts';
import { h } from '../shared/dom.ts';
import type { Host } from '../shared/host.ts';
import { modelPicker } from '../shared/modelPicker.ts';
import { measuringLine, staleLine } from '../shared/stateLines.ts';
import { SEVERITY_ICON } from '../shared/marks.ts';
import { exportButtons } from './saveFile.ts';

/** What the top of the report shows when there is no report to show. */
export function plainState(state: ViewState, host: Host, canAct: boolean): HTMLElement[] {
  switch (state.kind) {
    case 'failed':
      return [
        h(
          'div',
          { class: 'verdict-block error' },
          h(
            'div',
            { class: 'verdict-line' },
            h('span', { class: 'icon', 'aria-hidden': 'true' }, SEVERITY_ICON.error),
            h('h1', {}, state.reason),
          ),
          h('p', { class: 'dim' }, state.file),
          state.hint !== undefined && h('p', { class: 'hint' }, state.hint),
        ),
        ...(canAct ? [measureButton(host, 'Measure again')] : []),
      ];
    case 'reading':
      return [h('p', { role: 'status' }, `Reading ${state.file}…`)];
    case 'measuring':
      return [measuringLine(state, host)];
    case 'empty':
      return [
        h('p', {}, state.reason ?? 'No model is open.'),
        ...(canAct && state.reason !== undefined ? [measureButton(host, 'Measure')] : []),
      ];
    case 'report':
      return [h('p', {}, 'This file holds no model.')];
  }
}

function measureButton(host: Host, label: string): HTMLElement {
  const problem = h('span', { class: 'failed', role: 'status' });
  const measure = () =>
    void host.request('measure', { model: '' }).catch((error: unknown) => {
      problem.textContent = error instanceof Error ? error.message : String(error);
    });
  return h(
    'div',
    { class: 'buttons' },
    h('button', { type: 'button', class: 'quiet', onclick: measure }, label),
    problem,
  );
}

/** What was measured, how, in how long. */
function facts(report: Report): string {
  const { plan, run, parameters } = report;
  const [loss] = report.loss;
  const measured = report.layers.some((layer) => Object.keys(layer.measured).length > 0);
  return [
    report.file.split(/[\\/]/).at(-1),
    `${report.framework} semantics`,
    `${formatCount(parameters.total)} parameters`,
    inputFacts(plan),
    measured
      ? `batch ${plan.batch} × ${plan.seeds.length} seeds · ${plan.backend}, ${formatSeconds(run.elapsedMs)}`
      : 'predicted, not measured',
    loss && `loss ${formatNumber(loss.value, 4)} (uninformed ${formatNumber(loss.uninformed, 4)})`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function notMeasured(report: Report): HTMLElement | undefined {
  const missing = report.layers.filter((layer) => layer.notMeasured !== undefined);
  if (missing.length === 0) return undefined;
  return h(
    'details',
    { class: 'dim' },
    h('summary', {}, `${missing.length} ${missing.length === 1 ? 'layer was' : 'layers were'} not measured`),
    h('ul', {}, ...missing.map((layer) => h('li', {}, `${layer.id}: ${layer.notMeasured ?? ''}`))),
  );
}

/** The top of a report: the sentence, what was measured and how, what is being done, and where it can be saved to. */
export function headline(
  report: Report,
  reports: readonly Report[],
  state: ViewState,
  host: Host,
  canAct: boolean,
  pick: (model: string) => void,
): HTMLElement[] {
  const grave = report.findings.find(({ severity }) => severity === 'error' || severity === 'warning');
  return [
    h(
      'div',
      { class: `verdict-block ${grave?.severity ?? 'ok'}` },
      h(
        'div',
        { class: 'verdict-line' },
        h('span', { class: 'icon', 'aria-hidden': 'true' }, grave ? SEVERITY_ICON[grave.severity] : '✓'),
        h('h1', {}, report.verdict),
      ),
      h('p', { class: 'dim' }, facts(report)),
    ),
    ...(state.kind === 'measuring' ? [measuringLine(state, host)] : []),
    ...(state.kind === 'report' && state.stale ? [staleLine(host, report.modelId, canAct)] : []),
    ...[modelPicker(reports, report.modelId, pick), notMeasured(report)].filter((each) => each !== undefined),
    ...(canAct ? [exportButtons(report, host)] : []),
  ];
}
