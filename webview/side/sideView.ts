import type { Report, RuleInfo } from '../../src/model/report.ts';
import { decodeReports } from '../../src/protocol/wireReports.ts';
import { formatSeconds } from '../../src/report/format.ts';
import { WEBVIEW_PROTOCOL, type ViewState } from '../../src/protocol/webview.ts';
import { fill, h } from '../shared/dom.ts';
import { findingCard } from '../shared/findingCard.ts';
import type { Host } from '../shared/host.ts';
import { shownLayers } from '../shared/metrics.ts';
import { layerList } from './layerList.ts';

/** The narrow instrument beside the editor: verdict, state, one line a layer, findings. */
export function sideView(root: HTMLElement, host: Host): void {
  const head = h('header', { class: 'head' });
  const problem = h('p', { class: 'failed', role: 'alert' });
  const findings = h('div', { class: 'findings' });
  let report: Report | undefined;
  let rules: Readonly<Record<string, RuleInfo>> = {};
  let canAct = false;
  const attempt = (work: Promise<unknown>) => {
    problem.textContent = '';
    work.catch((error: unknown) => {
      problem.textContent = error instanceof Error ? error.message : String(error);
    });
  };
  const list = layerList(host, (layer) => {
    if (report !== undefined) host.send({ type: 'select', model: report.modelId, layer });
  });
  const body = h('main', {}, list.element, h('h2', { class: 'section' }, 'Findings'), findings);
  fill(root, head, problem, body);
  const showReport = (next: Report | undefined) => {
    report = next;
    body.hidden = next === undefined;
    if (next === undefined) return;
    list.show(next);
    fill(
      findings,
      ...next.findings.map((finding) =>
        findingCard(finding, rules[finding.rule], {
          canAct,
          apply: (advice, diff) =>
            host.request('apply', { model: next.modelId, changes: advice.changes, diff }),
          why: ({ rule }) => host.request('why', { rule }),
          ignore: ({ rule, layer }) => host.request('ignore', { rule, layer }),
          copy: (text) => host.request('copy', { text }),
          select: (layer) => {
            list.select(layer);
            host.send({ type: 'select', model: next.modelId, layer });
          },
        }),
      ),
      next.findings.length === 0 && h('p', { class: 'dim' }, `None in ${shownLayers(next).length} layers.`),
    );
  };
  const choose = (reports: readonly Report[], wanted: unknown): Report | undefined =>
    reports.find(({ modelId }) => modelId === wanted) ?? reports[0];
  const decoded = (text: string | undefined): readonly Report[] => {
    if (text === undefined) return [];
    const set = decodeReports(text);
    rules = set.rules;
    return set.reports;
  };
  const show = (state: ViewState) => {
    switch (state.kind) {
      case 'empty':
        fill(
          head,
          h(
            'p',
            {},
            state.reason ?? 'Open a model file: Keras JSON, TensorFlow.js model.json, .keras or .h5.',
          ),
        );
        return showReport(undefined);
      case 'reading':
        fill(head, h('p', { role: 'status' }, `Reading ${state.file}…`));
        return showReport(undefined);
      case 'measuring':
        fill(
          head,
          h(
            'p',
            { role: 'status' },
            `Measuring ${state.model}: seed ${state.done} of ${state.total}, ${formatSeconds(state.elapsedMs)}`,
          ),
          h('progress', { max: Math.max(1, state.total), value: state.done, 'aria-label': 'seeds measured' }),
          h(
            'button',
            { type: 'button', class: 'quiet', onclick: () => attempt(host.request('cancel', {})) },
            'Cancel',
          ),
        );
        return showReport(choose(decoded(state.reports), host.state['model']));
      case 'failed':
        fill(
          head,
          h('p', { class: 'failed' }, state.reason),
          state.hint !== undefined && h('p', { class: 'dim' }, state.hint),
        );
        return showReport(undefined);
      case 'report': {
        const reports = decoded(state.reports);
        const chosen = choose(reports, host.state['model'] ?? state.model);
        fill(head, ...(chosen === undefined ? [] : headline(chosen, reports, state)));
        return showReport(chosen);
      }
    }
  };
  const headline = (
    chosen: Report,
    reports: readonly Report[],
    state: Extract<ViewState, { kind: 'report' }>,
  ): HTMLElement[] => {
    const grave = chosen.findings.find(({ severity }) => severity === 'error' || severity === 'warning');
    const facts = `${chosen.plan.seeds.length} seeds · ${formatSeconds(chosen.run.elapsedMs)} · ${chosen.plan.backend}`;
    const select = h(
      'select',
      {
        'aria-label': 'model',
        onchange: (event) => {
          host.saveState({ model: (event.target as HTMLSelectElement).value });
          show(state);
        },
      },
      ...reports.map((each) => h('option', { value: each.modelId, selected: each === chosen }, each.model)),
    );
    const action = (label: string, act: () => Promise<unknown>) =>
      h('button', { type: 'button', class: 'quiet', onclick: () => attempt(act()) }, label);
    return [
      h('p', { class: `verdict ${grave?.severity ?? 'ok'}` }, chosen.verdict),
      h('p', { class: 'dim' }, facts),
      ...(state.stale
        ? [
            h(
              'p',
              { class: 'stale', role: 'status' },
              'The file changed since this was measured. ',
              canAct && action('Re-measure', () => host.request('measure', { model: chosen.modelId })),
            ),
          ]
        : []),
      ...(reports.length > 1 ? [select] : []),
      ...(canAct
        ? [
            h(
              'div',
              { class: 'buttons' },
              action('Measure', () => host.request('measure', { model: chosen.modelId })),
              action('Report', () => host.request('openReport', { model: chosen.modelId })),
              action('Compare', () => host.request('compare', { model: chosen.modelId })),
              action('Export', () => host.request('export', { model: chosen.modelId, format: 'html' })),
            ),
          ]
        : []),
    ];
  };
  host.onMessage((message) => {
    if (message.type === 'select') list.select(message.layer);
    if (message.type !== 'state') return;
    if (message.version !== WEBVIEW_PROTOCOL) {
      fill(head, h('p', { class: 'failed' }, 'This view is older than the extension: reload the window.'));
      return;
    }
    canAct = message.canAct;
    show(message.state);
  });
}
