import type { Report, RuleInfo } from '../../src/model/report.ts';
import { WEBVIEW_PROTOCOL, type ViewState } from '../../src/protocol/webview.ts';
import { fill, h } from '../shared/dom.ts';
import { findingCard } from '../shared/findingCard.ts';
import type { Host } from '../shared/host.ts';
import { inMeasuredUnits, shownLayers } from '../shared/metrics.ts';
import { partsFromHost } from '../shared/parts.ts';
import { resultsKeeper, type Results } from '../shared/shownResults.ts';
import { waitingLine } from '../shared/stateLines.ts';
import { headOf } from './head.ts';
import { layerList } from './layerList.ts';

/** The narrow instrument beside the editor: verdict, state, one line a layer, findings. */
export function sideView(root: HTMLElement, host: Host): void {
  const head = h('header', { class: 'head' });
  const problem = h('p', { class: 'failed', role: 'alert' });
  const findings = h('div', { class: 'findings' });
  let report: Report | undefined;
  let shown: string | undefined;
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
  body.hidden = true;
  fill(root, head, problem, body);
  const showFindings = (next: Report, rules: Readonly<Record<string, RuleInfo>>, canAct: boolean) =>
    fill(
      findings,
      ...next.findings.map((finding) =>
        findingCard(finding, rules[finding.rule], {
          canAct,
          rewrites: next.format === 'keras-archive',
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
  const show = (state: ViewState, results: Results | undefined, canAct: boolean) => {
    const reports = results?.set.reports ?? [];
    const chosen = reports.find(({ modelId }) => modelId === host.state['model']) ?? reports[0];
    report = chosen === undefined ? undefined : inMeasuredUnits(chosen);
    const pick = (model: string) => {
      host.saveState({ model });
      show(state, results, canAct);
    };
    fill(head, ...headOf({ state, report, reports, host, canAct, attempt, pick }));
    body.hidden = report === undefined;
    if (results === undefined || report === undefined) {
      shown = undefined;
      return;
    }
    const key = JSON.stringify([results.id, report.modelId, canAct]);
    if (key === shown) return;
    shown = key;
    list.show(report, partsFromHost(host, results.id, report.modelId));
    showFindings(report, results.set.rules, canAct);
  };
  const kept = resultsKeeper();
  host.onMessage((message) => {
    if (message.type === 'select') list.select(message.layer);
    if (message.type !== 'state') return;
    if (message.version === WEBVIEW_PROTOCOL) show(message.state, kept(message), message.canAct);
    else fill(head, h('p', { class: 'failed' }, 'This view is older than the extension: reload the window.'));
  });
  fill(head, waitingLine());
  host.start();
}
