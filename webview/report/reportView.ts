import type { Report, ReportSet } from '../../src/model/report.ts';
import { WEBVIEW_PROTOCOL, type ViewState } from '../../src/protocol/webview.ts';
import type { PageData } from '../../src/protocol/wireReports.ts';
import { fill, h } from '../shared/dom.ts';
import type { Host } from '../shared/host.ts';
import { inMeasuredUnits } from '../shared/metrics.ts';
import { partsFromHost, partsOfSet } from '../shared/parts.ts';
import { resultsKeeper } from '../shared/shownResults.ts';
import { waitingLine } from '../shared/stateLines.ts';
import { onThemeChange } from '../shared/theme.ts';
import { headline, plainState } from './headline.ts';
import { tabPanel } from './tabPanel.ts';

/** Results with what their parts are fetched by; undefined `id` in an exported page. */
interface Shown {
  readonly id: string | undefined;
  readonly set: ReportSet;
}

/** The report panel, in VS Code and as an exported page. */
export function reportView(root: HTMLElement, host: Host, page: PageData | undefined): void {
  const head = h('header', { class: 'head' });
  const tabs = tabPanel(host);
  fill(root, head, h('main', {}, tabs.bar, tabs.panel));
  let shown: { readonly report: Report; readonly id: string | undefined } | undefined;
  const { comparison, probe, scan, starts } = page ?? {};
  const studies = {
    ...(comparison === undefined ? {} : { comparison }),
    ...(probe === undefined ? {} : { probe }),
    ...(scan === undefined ? {} : { scan }),
    ...(starts === undefined ? {} : { starts }),
  };
  const show = (state: ViewState, results: Shown | undefined, canAct: boolean) => {
    const reports = results?.set.reports ?? [];
    const chosen = reports.find(({ modelId }) => modelId === host.state['model']) ?? reports[0];
    if (results === undefined || chosen === undefined) {
      shown = undefined;
      tabs.clear();
      fill(head, ...plainState(state, host, canAct));
      return;
    }
    const report = inMeasuredUnits(chosen);
    const pick = (model: string) => {
      host.saveState({ model });
      show(state, results, canAct);
    };
    fill(head, ...headline(report, reports, state, host, canAct, pick));
    if (shown?.report !== report || shown.id !== results.id) {
      shown = { report, id: results.id };
      const { modelId } = report;
      tabs.show({
        report,
        rules: results.set.rules,
        host,
        canAct,
        studies,
        parts:
          results.id === undefined
            ? partsOfSet(results.set, modelId)
            : partsFromHost(host, results.id, modelId),
      });
    }
    tabs.stale(state.kind === 'report' && state.stale);
  };
  onThemeChange(tabs.refresh);
  if (page !== undefined) {
    const file = page.reports.reports[0]?.file ?? '';
    show({ kind: 'report', file, stale: false }, { id: undefined, set: page.reports }, false);
    return;
  }
  const kept = resultsKeeper();
  host.onMessage((message) => {
    if (message.type === 'select') tabs.select(message.layer);
    if (message.type === 'open') {
      if (message.model !== undefined) host.saveState({ model: message.model });
      tabs.open(message.section);
    }
    if (message.type !== 'state') return;
    if (message.version !== WEBVIEW_PROTOCOL)
      fill(head, h('p', { class: 'failed' }, 'This view is older than the extension: reload the window.'));
    else show(message.state, kept(message), message.canAct);
  });
  fill(head, waitingLine());
  host.start();
}
