import type { Report } from '../../src/model/report.ts';
import { formatSeconds } from '../../src/report/format.ts';
import type { ViewState } from '../../src/protocol/webview.ts';
import { h } from '../shared/dom.ts';
import type { Host } from '../shared/host.ts';
import { SEVERITY_ICON } from '../shared/marks.ts';
import { modelPicker } from '../shared/modelPicker.ts';
import { measuringLine, staleLine } from '../shared/stateLines.ts';
import { firstSteps } from './firstSteps.ts';

/** What the top of the side view is made from. */
export interface HeadParts {
  readonly state: ViewState;
  readonly report: Report | undefined;
  readonly reports: readonly Report[];
  readonly host: Host;
  readonly canAct: boolean;
  /** Does something that may fail, and shows why. */
  attempt(work: Promise<unknown>): void;
  pick(model: string): void;
}

/** State and verdict, then what can be done. */
export function headOf(parts: HeadParts): HTMLElement[] {
  const { state, report, host, canAct } = parts;
  switch (state.kind) {
    case 'empty':
      return state.reason === undefined
        ? firstSteps(parts, state.open)
        : [h('p', {}, state.reason), ...(canAct ? [tools(parts)] : [])];
    case 'failed':
      return [
        h('p', { class: 'failed', role: 'alert' }, `✖ ${state.reason}`),
        ...(state.hint === undefined ? [] : [h('p', { class: 'hint' }, state.hint)]),
        ...(canAct ? [tools(parts)] : []),
      ];
    case 'reading':
      return [h('p', { role: 'status' }, `Reading ${state.file}…`), ...verdict(parts)];
    case 'measuring':
      return [...verdict(parts), measuringLine(state, host)];
    case 'report':
      return report === undefined
        ? [h('p', {}, 'This file holds no model.')]
        : [
            ...verdict(parts),
            ...(state.stale ? [staleLine(host, report.modelId, canAct)] : []),
            ...(canAct ? [tools(parts)] : []),
          ];
  }
}

function verdict({ report, reports, pick }: HeadParts): HTMLElement[] {
  if (report === undefined) return [];
  const grave = report.findings.find(({ severity }) => severity === 'error' || severity === 'warning');
  const measured = report.layers.some((layer) => Object.keys(layer.measured).length > 0);
  const { plan, run } = report;
  const facts = measured
    ? `${plan.seeds.length} seeds · ${formatSeconds(run.elapsedMs)} · ${plan.backend}`
    : 'predicted, not measured';
  const picker = modelPicker(reports, report.modelId, pick);
  return [
    ...(picker === undefined ? [] : [picker]),
    h(
      'p',
      { class: `verdict ${grave?.severity ?? 'ok'}` },
      h('span', { class: 'icon', 'aria-hidden': 'true' }, grave ? SEVERITY_ICON[grave.severity] : '✓'),
      ` ${report.verdict}`,
    ),
    h('p', { class: 'dim' }, facts),
  ];
}

function tools({ report, host, attempt }: HeadParts): HTMLElement {
  const model = report?.modelId ?? '';
  const action = (label: string, title: string, act: () => Promise<unknown>) =>
    h('button', { type: 'button', class: 'quiet', title, onclick: () => attempt(act()) }, label);
  const measure = action('Measure', 'Measure the model now', () => host.request('measure', { model }));
  if (report === undefined) return h('div', { class: 'buttons' }, measure);
  return h(
    'div',
    { class: 'buttons' },
    measure,
    action('Report', 'Open the whole report', () => host.request('openReport', { model })),
    ...(report.plan.backend === 'python'
      ? []
      : [
          action('Compare', 'Compare initializers on this model', () =>
            host.request('openReport', { model, section: 'compare' }),
          ),
        ]),
    action('Export', 'Save the report as one HTML page', () =>
      host.request('export', { model, format: 'html' }),
    ),
  );
}
